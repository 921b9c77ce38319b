"""Values for ``unroll``, beside static bounds and traced ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Leaf, LoopCase, Step, Unroll
from foricheck.cases.variants import PLAIN, STATIC
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CALL, CARRY, numbered

__all__ = ["after_refused_factors", "beside_traced_bounds", "every_factor", "invalid_factors"]
__all__ += ["negative_factors", "nested_carries", "numpy_factors", "one_trip"]
__all__ += ["refused_beside_traced_bounds", "rolled", "true_beside_traced_bounds", "while_bodies"]
__all__ += ["without_effect", "zero"]

_JIT = (Around("jit"),)
_BODY = Body(steps=(Step("affine"), Step("reverse")))
_LOOP = LoopCase(Bounds(lower=3), Carry("leaf", (Leaf(),)), _BODY)
_NESTED = Carry("nested", (Leaf(), Leaf(), Leaf("float32"), Leaf(shape=()), Leaf("float32")))
_TWO_WAYS = Body(steps=(Step("affine"), Step("mix", 0, 1)), moves=(1, 0, -5, 3, 2))
_TRACED = replace(_LOOP, bounds=Bounds(lower=2, trips=(5,), given="traced"), around=_JIT)


def _of(unroll: Unroll, trips: int = 5) -> LoopCase:
    return replace(_LOOP, bounds=Bounds(lower=3, trips=(trips,)), unroll=unroll)


def every_factor(_: LoopLimits) -> Iterator[LoopCase]:
    """None, False, True and 1 … trip count + 2, for trip counts from −1."""
    for trips in (-1, 0, 1, 3, 4, 7):
        factors: Sequence[Unroll] = (None, False, True, *range(1, max(trips, 0) + 3))
        for number, factor in enumerate(factors):
            yield replace(_of(factor, trips), around=_JIT if number % 2 else ())


def zero(_: LoopLimits) -> Iterator[LoopCase]:
    """The factor 0, with and without trips."""
    for trips in (5, 1, 0, -3):
        yield replace(_of(0, trips), around=_JIT)


def nested_carries(_: LoopLimits) -> Iterator[LoopCase]:
    """Nested carries whose leaves change places, and a closed-over array.

    For factors that do and do not divide the trip count, and one much greater than it.
    """
    for trips, factors in ((0, (3, True)), (1, (2, 50)), (7, (2, 4, 6, 50)), (12, (3, 5, True))):
        for factor in factors:
            yield replace(_of(factor, trips), carry=_NESTED, body=_TWO_WAYS, around=_JIT)
    pair = Carry("tuple", (Leaf(), Leaf()))
    yield replace(_of(2), carry=pair, body=Body(moves=(1, 0)), around=_JIT)


def beside_traced_bounds(_: LoopLimits) -> Iterator[LoopCase]:
    """Factors above 1 with one or both bounds traced."""
    yield from (replace(_TRACED, unroll=factor) for factor in (2, 7))
    for given in ("traced upper", "traced lower"):
        yield replace(_TRACED, bounds=replace(_TRACED.bounds, given=given), unroll=2)


def refused_beside_traced_bounds(limits: LoopLimits) -> Iterator[LoopCase]:
    """The same, and the factors 0 and −1, which no document mentions."""
    yield from beside_traced_bounds(limits)
    yield from (replace(_TRACED, unroll=factor) for factor in (0, -1))


def true_beside_traced_bounds(_: LoopLimits) -> Iterator[LoopCase]:
    """True, which would require complete unrolling, with traced bounds."""
    yield replace(_TRACED, unroll=True)


def without_effect(_: LoopLimits) -> Iterator[LoopCase]:
    """None, False and 1, which do not unroll."""
    yield from (replace(_TRACED, unroll=factor) for factor in (None, False, 1))


def negative_factors(_: LoopLimits) -> Iterator[LoopCase]:
    """Negative factors, with and without trips."""
    for factor, trips in ((-1, 5), (-2, 5), (-7, 5), (-1, -5)):
        yield from (replace(_of(factor, trips), around=around) for around in ((), _JIT))


def rolled(_: LoopLimits) -> Iterator[LoopCase]:
    """Twelve trips with None, False and True, and more trips with True."""
    yield from (_of(unroll, 12) for unroll in (None, False, True))
    yield from (_of(True, trips) for trips in (17, 33, 65))


def one_trip(_: LoopLimits) -> Iterator[LoopCase]:
    """A single trip with True."""
    yield _of(True, 1)


def while_bodies(_: LoopLimits) -> Iterator[LoopCase]:
    """A body of one negation, with factors that do and do not divide the trip count."""
    for trips, factor in ((24, 3), (26, 3), (24, 1), (100, 40), (65, 1)):
        carry = Carry("leaf", (Leaf("float32"),))
        yield replace(_of(factor, trips), carry=carry, body=Body(steps=(Step("negate"),)))


def numpy_factors(_: LoopLimits) -> Iterator[Expression]:
    """Factors that are NumPy integers."""
    yield from (_with(factor, expected=CALL) for factor in ("np.int32(2)", "np.int64(3)"))


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


def _with(factor: str, *, values: str = CARRY, setup: str = "", expected: str = "") -> Expression:
    """One call with a factor."""
    return Expression(
        given=BODY,
        bounds=numbered(2, 7),
        values=values,
        setup=setup,
        call=f"{CALL[:-1]}, unroll={factor})",
        expected=expected,
    )
