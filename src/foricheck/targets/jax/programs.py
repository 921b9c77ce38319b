"""The programs that a case becomes: what JAX traced and lowered, without running it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.cases.loop_case import LoopCase
from foricheck.targets.jax.case import Bodies, Program

__all__ = ["programs_of"]

_MOST_TRACES = 10_000


def programs_of(case: LoopCase, loop: Callable[..., Any]) -> list[Any]:
    """One program for each trip count: its arguments are the bounds that are traced, and the carry.

    Returns:
        Of each, what ``jax.jit(…).trace`` gives.

    Raises:
        Exception: whatever the target raises.
    """
    return [_traced(case, loop, trips) for trips in case.bounds.trips]


def _traced(case: LoopCase, loop: Callable[..., Any], trips: int) -> Any:
    program = Program(case, loop, Bodies(_MOST_TRACES))
    inputs = program.inputs(trips)
    names = [*case.bounds.traced, "carry"]

    def function(*arguments: Any) -> Any:
        return program.function({**inputs, **dict(zip(names, arguments, strict=True))})

    return jax.jit(function).trace(*(inputs[name] for name in names))
