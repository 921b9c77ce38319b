"""The zoo: wrong loops that the rules must catch, and right ones that must pass.

A subpackage a chapter of the specification, a module a family: the members of ``grad/leaves.py``
are caught first by a rule of ``GRAD``. Right implementations are in ``right``, and what members
share is in ``support``. Families are found, not listed: a new module is one.

Importing this package imports neither JAX nor any family; :func:`members` does. :func:`declared`
reads the wrong members from the sources, without an import.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from .member import MISTAKES, Member, registered
from .sources import declared

__all__ = ["MISTAKES", "Member", "declared", "members"]


def members() -> tuple[Member, ...]:
    """Return every member, sorted by path."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    return registered()
