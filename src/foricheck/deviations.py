"""Known deviations: where a released JAX itself breaks a rule.

A deviation is told, never hidden by narrowing a strategy: the rule is judged, its failure is
expected, and if the bundled reference passes after all, that is a failure of its own, so that a
mended version is noticed. Targets built on JAX inherit the deviation, and may be better.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from foricheck import environment
from foricheck.ways import Bounds

__all__ = ["DEVIATIONS", "Deviation", "deviations"]


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One rule that released versions of JAX break.

    Attributes:
        rule: the rule's id.
        versions: where, as text.
        applies: whether the installed versions are among them.
        bounds: ``static`` or ``traced`` if it is seen only with such bounds, otherwise None.
        case: the minimal case.
        why: what happens instead.
        upstream: the issue, or ``""``.
    """

    rule: str
    versions: str
    applies: Callable[[], bool]
    bounds: Bounds | None
    case: str
    why: str
    upstream: str = ""

    def __str__(self) -> str:
        told = f"known deviation of JAX ({self.versions}): {self.case} {self.why}"
        return f"{told}; {self.upstream}" if self.upstream else told


def deviations() -> dict[str, Deviation]:
    """The deviations of the versions installed here, by rule."""
    return {each.rule: each for each in DEVIATIONS if each.applies()}


def _jax() -> tuple[int, ...]:
    """The first three numbers of JAX's version."""
    return tuple(int(number) for number in re.findall(r"\d+", metadata.version("jax"))[:3])


DEVIATIONS = (
    Deviation(
        rule="BOUND-12",
        versions="all, x64 off",
        applies=lambda: not environment.has_x64(),
        bounds="static",
        case="fori_loop(np.uint32(2**32 - 1), np.uint32(0), …)",
        why="raises OverflowError with static bounds, though the same traced bounds are accepted",
    ),
    Deviation(
        rule="UNROLL-04",
        versions="0.6.0 and later",
        applies=lambda: True,
        bounds="traced",
        case="jax.jit(lambda n: fori_loop(0, n, body, c, unroll=True))(5)",
        why="runs rolled, where unroll=2 is refused: True == 1, and 1 is let through",
    ),
    Deviation(
        rule="UNROLL-12",
        versions="0.8.1 and later, at least",
        applies=lambda: True,
        bounds="static",
        case="fori_loop(0, 5, body, c, unroll=2.0), then fori_loop(0, 5, body, c, unroll=2)",
        why="raises TypeError twice: the program is cached by the factor, and 2.0 == 2",
    ),
    Deviation(
        rule="UNROLL-13",
        versions="0.8.1 and later, at least",
        applies=lambda: True,
        bounds="static",
        case="fori_loop(0, 1, body, c, unroll=True)",
        why="leaves a While of one trip in the lowered program, though unroll=2 leaves none",
    ),
    Deviation(
        rule="ERROR-13",
        versions="0.8.1 to 0.10.1",
        applies=lambda: _jax() < (0, 10, 2),
        bounds=None,
        case="jax.jit(lambda n: fori_loop(0, n, lambda i, c: 'text', c))(3)",
        why="raises AttributeError: the message of the TypeError cannot be made",
    ),
)
