"""Mutants of JAX's loops that survive, each with the reason why no rule can kill it.

The names are those of the mutants of the newest JAX; other versions may have others.
"""

from __future__ import annotations

__all__ = ["equivalents"]

_ARGUMENTS: dict[str, tuple[str, ...]] = {}
"""The names of mutants, by the argument."""


def equivalents() -> dict[str, str]:
    """The argument of each mutant that is argued to be equivalent, by its name."""
    return {name: because for because, names in _ARGUMENTS.items() for name in names}
