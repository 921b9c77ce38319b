"""What the cases of ERROR share: ranges, and an expression with the usual parts."""

from __future__ import annotations

from foricheck.cases.loop import Expression
from foricheck.strategies.loop_text import BODY, CARRY, numbered

__all__ = ["NO_TRIPS", "THREE_TRIPS", "expression"]

THREE_TRIPS = numbered(0, 3)
NO_TRIPS = numbered(3, 3)


def expression(
    call: str,
    *,
    given: str = BODY,
    bounds: str = THREE_TRIPS,
    values: str = CARRY,
    setup: str = "",
    expected: str = "",
) -> Expression:
    """The loop of ``loop_text`` over three trips, with the given parts replaced."""
    return Expression(
        given=given, bounds=bounds, values=values, setup=setup, call=call, expected=expected
    )
