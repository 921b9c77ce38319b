"""What values have in common, as constraints ask it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from foricheck.cases.loop_case import Around
from foricheck.oracle.cases.inputs import MAPPING
from foricheck.strategies.cases.building import around_of
from foricheck.strategies.coverage import Constraint

__all__ = [
    "HEAVY",
    "MASKED",
    "MILD",
    "MOVES_ONLY",
    "PLAIN_HISTORIES",
    "STACK",
    "around",
    "beside_each",
    "derivatives",
    "derives",
    "maps",
    "over",
    "reverses",
    "traced",
    "traced_sides",
    "traces",
    "unrolled",
]

STACK = ("outside", "transformed", "jit", "inside")
"""The dimensions that say what is around the loop."""

MOVES_ONLY = ("nothing", "negate", "reverse", "gather")
MASKED = ("vmap upper", "vmap lower", "vmap bounds", "vmap all")
MILD = ("small", "negative", "zero")
PLAIN_HISTORIES = ("four bodies", "two threads", "thread", "other dtype", "other unroll")
HEAVY = ("random", "window", "gather", "turned", "matrix")


@cache
def around(outside: str, transformed: str, jit: str, inside: str) -> tuple[Around, ...]:
    """What is around the loop."""
    names = {"outside": outside, "transformed": transformed, "jit": jit, "inside": inside}
    return around_of(names)


def over(*stack: str) -> set[str]:
    """The bounds that are mapped."""
    names = {name for each in around(*stack) if each.name in MAPPING for name in each.over}
    return names & {"lower", "upper"}


def traces(*stack: str) -> bool:
    """Whether it makes all its inputs tracers."""
    return bool({"jit", "ahead", "donate"} & {each.name for each in around(*stack)})


def reverses(*names: str) -> bool:
    """Whether one of the values differentiates in reverse mode."""
    return bool({"vjp", "linearize"} & {*derivatives(*names)})


def derivatives(*names: str) -> list[str]:
    """The sorts of derivatives among the values."""
    sorts = ("jvp", "linearize", "vjp")
    return [sort for name in names for sort in sorts if name.startswith(sort)]


def derives(*names: str) -> bool:
    """Whether one of the values differentiates."""
    return bool(derivatives(*names))


def maps(*names: str) -> bool:
    """Whether one of the values has lanes."""
    return any(name.startswith(("vmap", "scan", "map")) for name in names)


def traced(given: str) -> bool:
    """Whether a bound is traced."""
    return given.startswith("traced")


def traced_sides(given: str) -> set[str]:
    """The bounds that are traced."""
    sides = {"traced": {"lower", "upper"}, "traced upper": {"upper"}, "traced lower": {"lower"}}
    return sides.get(given, set())


def unrolled(unroll: str) -> bool:
    """Whether the loop is written out."""
    return unroll in ("True", "trips", "9", "64")


def beside_each(
    names: tuple[str, ...], other: str, allows: Callable[[str, Any], bool], why: str
) -> tuple[Constraint, ...]:
    """One constraint for each of several dimensions and another one."""
    return tuple(Constraint((name, other), allows, why) for name in names)
