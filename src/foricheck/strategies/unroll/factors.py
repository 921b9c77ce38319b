"""Expressions that pass a value for ``unroll``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foricheck.cases.loop import Expression
from foricheck.cases.variants import PLAIN, STATIC
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL, CARRY, numbered

__all__ = [
    "after_refused_factors",
    "beside_traced_bounds",
    "every_factor",
    "invalid_factors",
    "negative_factors",
    "nested_carries",
    "numpy_factors",
    "one_trip",
    "refused_beside_traced_bounds",
    "rolled",
    "true_beside_traced_bounds",
    "while_bodies",
    "without_effect",
    "zero",
]

_BODY = "def body(i, c):\n    return c[::-1] * 31 + (c ^ i)\n"
_COSINE = "def body(i, c):\n    return xp.cos(c) + i\n"
_NESTED = """\
def body(i, c):
    first, rest = c
    seen = xp.roll(rest["seen"], 1) * 3 + first[0]
    return rest["second"] * 31 + i, {"second": first ^ offset, "seen": seen}
"""
_NESTED_CARRY = """\
offset = xp.array([5, 9], xp.int32)
first = xp.array([1, 2], xp.int32)
c = (first, {"second": first + 7, "seen": xp.array([0, 1, 2], xp.int32)})
"""
_LONGEST = 7
_FEW = (-1, 0, 3)
_LOWERED = "jax.jit(lambda c: fori_loop(2, {upper}, body, c, unroll={unroll})).lower(c).as_text()"


def every_factor(loop: LoopLimits) -> Iterator[Expression]:
    """None, False, True and 1 … trip count + 2 in one expression, for trip counts from −1.

    Only for a few trip counts if each loop is compiled separately.
    """
    for trips in _FEW if loop.variant == STATIC else range(-1, _LONGEST + 1):
        yield _factors(trips, [None, False, True, *range(1, max(trips, 0) + 3)])


def zero(_: LoopLimits) -> Iterator[Expression]:
    """The factor 0, with and without trips."""
    for trips in (5, 1, 0, -3):
        yield _factors(trips, [0])


def numpy_factors(_: LoopLimits) -> Iterator[Expression]:
    """Factors that are NumPy integers."""
    yield _with("np.int32(2)", expected=CALL)
    yield _with("np.int64(3)", expected=CALL)


def nested_carries(_: LoopLimits) -> Iterator[Expression]:
    """Nested carries whose leaves change places, and a closed-over array.

    For factors that do and do not divide the trip count, and one much greater than it.
    """
    for trips, factors in ((0, [3, True]), (1, [2, 50]), (7, [2, 4, 6, 50]), (12, [3, 5, True])):
        yield _factors(trips, factors, given=_NESTED, values=_NESTED_CARRY)


def beside_traced_bounds(_: LoopLimits) -> Iterator[Expression]:
    """Factors above 1 with one or both bounds traced."""
    yield from (_with(factor) for factor in ("2", "7"))
    yield _with("2", range="2, upper")
    yield _with("2", range="lower, 7")


def refused_beside_traced_bounds(loop: LoopLimits) -> Iterator[Expression]:
    """The same, and the factors 0 and −1, which no document mentions."""
    yield from beside_traced_bounds(loop)
    yield from (_with(factor) for factor in ("0", "-1"))


def true_beside_traced_bounds(_: LoopLimits) -> Iterator[Expression]:
    """True, which would require complete unrolling, with traced bounds."""
    yield _with("True")


def without_effect(_: LoopLimits) -> Iterator[Expression]:
    """None, False and 1, which do not unroll."""
    yield _factors(5, [None, False, 1])


def negative_factors(_: LoopLimits) -> Iterator[Expression]:
    """Negative factors, with and without trips."""
    yield from (_with(factor) for factor in ("-1", "-2", "-7"))
    yield _with("-1", range="upper, lower")


def invalid_factors(loop: LoopLimits) -> Iterator[Expression]:
    """Factors that are not integers, and one that is traced."""
    yield from (_with(factor) for factor in ("2.0", "2.5", "0.5", "'2'", "(2,)"))
    if loop.variant not in (STATIC, PLAIN):
        yield _with("factor", values=f"{CARRY}\nfactor = xp.array(2, xp.int32)")


def after_refused_factors(_: LoopLimits) -> Iterator[Expression]:
    """A call whose factor is refused, then the same call with a valid factor."""
    for bad, good in (("2.0", "2"), ("-1", "1"), ("'3'", "3")):
        refused = f"    fori_loop(lower, upper, body, c, unroll={bad})"
        setup = f"try:\n{refused}\nexcept (TypeError, ValueError):\n    pass\n"
        yield _with(good, setup=setup, expected=CALL)


def rolled(_: LoopLimits) -> Iterator[Expression]:
    """Whether the lowered program of twelve trips has a While for None, False and True.

    And those of more trips for True.
    """
    yield _whiles(12, {None: True, False: True, True: False})
    for trips in (17, 33, 65):
        yield _whiles(trips, {True: False})


def one_trip(_: LoopLimits) -> Iterator[Expression]:
    """Whether the lowered program of a single trip has a While for True."""
    yield _whiles(1, {True: False})


def while_bodies(_: LoopLimits) -> Iterator[Expression]:
    """The lowered program of a body with one cosine, and the expected cosines in the While."""
    for trips, factor in ((24, 3), (26, 3), (24, 1), (100, 40), (65, 1)):
        yield Expression(
            given=_COSINE,
            values="c = xp.array([0.5, 0.25], xp.float32)",
            call=_LOWERED.format(upper=2 + trips, unroll=factor),
            expected=f"[{factor}]",
        )


def _whiles(trips: int, factors: dict[bool | None, bool]) -> Expression:
    """Whether the program has a While for each factor, and whether it should."""
    programs = (_LOWERED.format(upper=2 + trips, unroll=unroll) for unroll in factors)
    inside = ", ".join(f'"stablehlo.while" in {program}' for program in programs)
    return Expression(
        given=_BODY, values=CARRY, call=f"[{inside}]", expected=str([*factors.values()])
    )


def _factors(
    trips: int, factors: Sequence[int | None], *, given: str = _BODY, values: str = CARRY
) -> Expression:
    """One call per factor, in one expression."""
    return Expression(
        given=given,
        bounds=numbered(3, 3 + trips),
        values=values,
        call=f"[fori_loop(lower, upper, body, c, unroll=unroll) for unroll in {factors}]",
        expected=f"[fori_loop(lower, upper, body, c)] * {len(factors)}",
    )


def _with(
    factor: str,
    *,
    range: str = "lower, upper",
    values: str = CARRY,
    setup: str = "",
    expected: str = "",
) -> Expression:
    """One call with a factor."""
    return Expression(
        given=_BODY,
        bounds=numbered(2, 7),
        values=values,
        setup=setup,
        call=f"fori_loop({range}, body, c, unroll={factor})",
        expected=expected,
    )
