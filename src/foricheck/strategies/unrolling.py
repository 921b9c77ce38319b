"""Expressions that give ``unroll`` a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foricheck.cases import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foricheck.targets.loop import LoopSubject

__all__ = ["every_factor"]

_BODY = "def body(i, c):\n    return c * 31 + i\n"
_LONGEST = 7


def every_factor(_: LoopSubject) -> Iterator[Expression]:
    """None, False, True and 1 … trip count + 2, for trip counts from −1 up: all in one call."""
    for trips in range(-1, _LONGEST + 1):
        factors = [None, False, True, *range(1, max(trips, 0) + 3)]
        yield Expression(
            given=_BODY,
            bounds=f"lower = 3\nupper = {3 + trips}",
            values="c = xp.array([1, 2], xp.int32)",
            call=f"[fori_loop(lower, upper, body, c, unroll=unroll) for unroll in {factors}]",
            expected=f"[fori_loop(lower, upper, body, c)] * {len(factors)}",
        )
