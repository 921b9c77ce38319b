"""What comes before a case, as cases of its own."""

from __future__ import annotations

from dataclasses import replace

from foricheck.cases.rec.case import RecurrenceCase

__all__ = ["before", "beside", "writes_to_x"]


def before(case: RecurrenceCase) -> list[RecurrenceCase]:
    """The calls that are made before the one that is judged.

    That which raises is none of them.
    """
    first = replace(case, history="alone")
    seed, hidden, T = int(case.seed), case.width, int(case.T)
    match case.history:
        case "twice":
            return [first]
        case "after the next seed":
            return [first.with_numbers(seed=seed + 1)]
        case "after a seed equal modulo 2**32":
            return [first.with_numbers(seed=seed + (2**32 if seed < 0 else -(2**32)))]
        case "after a larger hidden":
            return [first.with_numbers(hidden=hidden + 5)]
        case "after a smaller hidden":
            return [first.with_numbers(hidden=max(1, hidden - 1))]
        case "after another T":
            return [first.with_numbers(T=T + 3)]
        case "after another x":
            return [replace(first, values="ones")]
        case "after x was written to":
            return [replace(first, values="ones", x_as="numpy")]
        case "after a jitted call":
            return [replace(first, around="jit", derivative="none", x_as="jax")]
        case _:
            return []


def writes_to_x(case: RecurrenceCase) -> bool:
    """Whether the x of the call before is the same array, with other values now."""
    return case.history == "after x was written to"


def beside(case: RecurrenceCase) -> list[RecurrenceCase]:
    """The calls that are made at the same time, each by a thread: the case, and another seed."""
    alone = replace(case, history="alone")
    return [alone, alone.with_numbers(seed=int(case.seed) + 1)]
