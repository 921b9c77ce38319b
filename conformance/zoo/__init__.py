"""The zoo: wrong loops that the rules must catch, and right ones that must pass.

Importing this package imports neither JAX nor any family; :func:`members` does.
"""

from __future__ import annotations

from importlib import import_module

from .member import MISTAKES, Member, registered

__all__ = ["MISTAKES", "Member", "members"]

FAMILIES = (
    "iteration",
    "early_exits",
    "long_ranges",
    "bounds",
    "carry",
    "one_dtype",
    "shapes",
    "containers",
    "derivatives",
    "derivative_interplay",
    "derivative_leaves",
    "caching",
    "tracing",
    "program_size",
    "carry_together",
    "modules",
    "unrolling",
    "unroll_factors",
    "errors",
    "refusals",
    "arguments",
    "recurrence",
    "recurrence_weights",
    "recurrence_precision",
    "recurrence_reuse",
    "recurrence_arguments",
    "mapped",
    "mapped_leaves",
    "transformations",
    "structured",
    "raw_carries",
    "permuted_leaves",
    "released",
    "reviewed",
    "reviewed_programs",
    "reviewed_values",
    "wrong_numpy",
    "quirks",
    "right",
    "right_derivatives",
    "right_objects",
    "right_numpy",
    "right_recurrence",
)


def members() -> tuple[Member, ...]:
    """Return every member, sorted by path."""
    for family in FAMILIES:
        import_module(f".{family}", __name__)
    return registered()
