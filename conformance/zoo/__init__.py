"""The zoo: wrong loops that the rules must catch, and right ones that must pass.

Importing this package imports neither JAX nor any family; :func:`members` does.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from .member import Member, registered

__all__ = ["Member", "members"]

FAMILIES = (
    "iteration",
    "bounds",
    "carry",
    "derivatives",
    "derivative_leaves",
    "caching",
    "tracing",
    "carry_together",
    "modules",
    "unrolling",
    "errors",
    "recurrence",
    "mapped",
    "transformations",
    "structured",
    "raw_carries",
    "wrong_numpy",
    "quirks",
    "right",
    "right_numpy",
    "right_recurrence",
)
OPTIONAL = {"keras_jax": "keras"}


def members() -> tuple[Member, ...]:
    """Return every member, sorted by path.

    A family whose library is not installed (see ``OPTIONAL``) is left out.
    """
    installed = (family for family, needs in OPTIONAL.items() if find_spec(needs) is not None)
    for family in (*FAMILIES, *installed):
        import_module(f".{family}", __name__)
    return registered()
