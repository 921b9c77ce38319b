"""Carries of NumPy arrays and Python numbers, and bodies that write to their carry."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL, numbered

__all__ = ["forwarded", "weak_chains", "weak_results", "written_in_place"]

_THREE_TRIPS = numbered(0, 3)


def forwarded(_: LoopLimits) -> Iterator[Expression]:
    """NumPy and Python leaves, computed or only forwarded: is each result an array, and which?"""
    yield Expression(
        given="""\
def computing(i, c):
    return [leaf + 0 for leaf in c]


def forwarding(i, c):
    return c
""",
        bounds=_THREE_TRIPS,
        values="c = [np.arange(2), np.ones(2), np.float32(1.5), 1, 0.5]",
        call="[[(isinstance(leaf, jax.Array), leaf) for leaf in fori_loop(lower, upper, body, c)]"
        " for body in (computing, forwarding)]",
    )


def written_in_place(_: LoopLimits) -> Iterator[Expression]:
    """A body that writes to its carry, called twice with the same arrays; also these arrays."""
    for given, values, result in (
        (
            "def body(i, c):\n    c += 1\n    return c\n",
            "c = np.zeros(3, np.int32)",
            "np.full(3, 3, np.int32)",
        ),
        (
            "def body(i, c):\n    a, b = c\n    a += 1\n    b += a\n    return a, b\n",
            "c = (np.zeros(3, np.int32), np.ones(3, np.int32))",
            "(np.full(3, 3, np.int32), np.full(3, 7, np.int32))",
        ),
    ):
        yield Expression(
            given=given,
            bounds=_THREE_TRIPS,
            values=values,
            call="[fori_loop(lower, upper, body, c), fori_loop(lower, upper, body, c), c]",
            expected=f"[{result}, {result}, {values.removeprefix('c = ')}]",
        )


def weak_chains(_: LoopLimits) -> Iterator[Expression]:
    """Python floats that take the dtype float16 from each other, one leaf per iteration."""
    yield Expression(
        given="def body(i, c):\n    return [c[0] + np.float16(1), c[0], c[1]]\n",
        bounds=_THREE_TRIPS,
        values="c = [0.0] * 3",
        call=CALL,
        expected="[np.float16(3), np.float16(2), np.float16(1)]",
    )


def weak_results(_: LoopLimits) -> Iterator[Expression]:
    """NumPy scalars before and after a Python number; each result times a narrower array."""
    for number, end, widest, wide, narrow in (
        ("0.5", "3.5", "float64", "float32", "float16"),
        ("1", "4", "int64", "int32", "int8"),
    ):
        yield Expression(
            given="def body(i, c):\n    return c + 1\n",
            bounds=_THREE_TRIPS,
            values=f"other = np.ones(2, np.{narrow})",
            call="[fori_loop(lower, upper, body, c) * other"
            f" for c in (np.{wide}({number}), {number}, np.{wide}({number}))]"
            f" + [(fori_loop(lower, upper, body, np.{widest}({number})) * other).dtype"
            " == other.dtype]",
            expected=f"[np.full(2, {end}, np.{wide}), np.full(2, {end}, np.{narrow}),"
            f" np.full(2, {end}, np.{wide}), False]",
        )
