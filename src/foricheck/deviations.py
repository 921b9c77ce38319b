"""Known deviations: where a released JAX itself breaks a rule.

A deviation is told, never hidden by narrowing a strategy: the rule is judged, its failure is
expected, and if the bundled reference passes after all, that is a failure of its own, so that a
mended version is noticed. Targets built on JAX inherit the deviation, and may be better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


DEVIATIONS = (
    Deviation(
        rule="BOUND-12",
        versions="all",
        applies=lambda: True,
        bounds="static",
        case="fori_loop(np.uint32(2**32 - 1), np.uint32(0), …)",
        why="raises OverflowError with static bounds, though the same traced bounds are accepted",
    ),
)
