"""Expressions whose arguments must be refused, or are given in another form."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.error.text import NO_TRIPS, THREE_TRIPS, expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL

__all__ = [
    "argument_names",
    "arities",
    "non_integer_bounds",
    "not_callable",
    "static_floats",
    "too_large",
    "wrong_arguments",
]


def not_callable(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that are not callable, with and without trips."""
    for body in ("None", "3", "'body'", "(body,)", "c"):
        for bounds in (THREE_TRIPS, NO_TRIPS):
            yield expression(f"fori_loop(lower, upper, {body}, c)", bounds=bounds)


def arities(_: LoopLimits) -> Iterator[Expression]:
    """Bodies with zero, one and three parameters, and one whose carry is keyword-only."""
    for parameters in ("", "c", "i, c, more", "i, *, c"):
        for bounds in (THREE_TRIPS, NO_TRIPS):
            body = f"lambda {parameters}: c".replace("lambda :", "lambda:")
            yield expression(f"fori_loop(lower, upper, {body}, c)", bounds=bounds)


def non_integer_bounds(_: LoopLimits) -> Iterator[Expression]:
    """Bounds that are None, text or containers, or a non-integer next to an integer."""
    for bounds in ("None, 3", "0, None", "'0', '3'", "0, '3'", "[0], [3]", "0, {}", "(), 3"):
        yield expression(f"fori_loop({bounds}, body, c)", bounds="")
    for bounds in ("0, 2.5", "0, 3j", "0, object()"):
        yield expression(f"fori_loop({bounds}, body, c)", bounds="")


def too_large(loop: LoopLimits) -> Iterator[Expression]:
    """Lower bounds just above and just below the range of the index's dtype."""
    beyond = 2**63 if "int64" in loop.dtypes else 2**31
    for lower, upper in ((beyond, beyond + 2), (-beyond - 1, -beyond), (beyond, 0)):
        yield expression(f"fori_loop({lower}, {upper}, body, c)", bounds="")


def argument_names(_: LoopLimits) -> Iterator[Expression]:
    """All or some arguments by name, and in another order."""
    calls = (
        "fori_loop(lower=lower, upper=upper, body_fun=body, init_val=c)",
        "fori_loop(init_val=c, body_fun=body, upper=upper, lower=lower)",
        "fori_loop(lower, upper, init_val=c, body_fun=body)",
    )
    for call in calls:
        yield expression(call, expected=CALL)


def wrong_arguments(_: LoopLimits) -> Iterator[Expression]:
    """Too few arguments, too many, an unknown keyword, and an argument given twice."""
    for arguments in (
        "",
        "lower, upper, body",
        "lower, upper, body, c, 2",
        "lower, upper, body, c, c",
    ):
        yield expression(f"fori_loop({arguments})")
    for keyword in ("step=2", "body=body", "lower=0"):
        yield expression(f"fori_loop(lower, upper, body, c, {keyword})")


def static_floats(_: LoopLimits) -> Iterator[Expression]:
    """Pairs of floats, with the range they truncate to."""
    for lower, upper in ((0.0, 3.0), (0.5, 3.9), (-0.5, 2.9), (-1.5, 1.5), (2.9, 0.1)):
        yield expression(
            f"fori_loop({lower}, {upper}, body, c)",
            bounds="",
            expected=f"fori_loop({int(lower)}, {int(upper)}, body, c)",
        )
