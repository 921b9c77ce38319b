"""BOUND: valid and invalid bounds."""

from foricheck.cases.loop import Expression, LoopBatch, Snippet
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import PLAIN, STATIC, STATIC_DISABLED, STATIC_JIT, TRACED
from foricheck.comparison.assertions import (
    ANY_ERROR,
    must_be_refused,
    must_equal,
    must_equal_or_refuse,
)
from foricheck.comparison.outcomes import must_give
from foricheck.oracle import programs as oracle
from foricheck.programs.expressions import expected as value_of
from foricheck.programs.snippets import expected
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.bound import bounds, wide
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.iter import loops
from foricheck.targets.loop import LoopSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK


@rule(
    "BOUND-01",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Bulk(loops.RANGE, loops.every_dtype, bounds.small),
    catches=("bounds cast to one dtype", "an unsigned lower bound treated as negative"),
    budget=Budget(batched=7, single=7),
)
def test_any_integer_dtype(loop: LoopSubject, cases: LoopBatch) -> None:
    """Bounds may have any integer dtype, signed or unsigned."""
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "BOUND-02",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Enumerated(bounds.extremes),
    catches=("upper − lower that overflows", "upper − 1 below the minimum", "an endless loop"),
    variants=(TRACED, PLAIN),
)
def test_extremes_of_every_dtype(loop: LoopSubject, cases: LoopBatch) -> None:
    """A range may include the least and the greatest number of its dtype, and be empty there.

    An index that goes past upper, or a trip count computed in the bounds' dtype, wraps here.
    """
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "BOUND-03",
    CORE,
    "fori_loop.static",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.summing_programs),
    catches=("static bounds handled by different code",),
    variants=(STATIC,),
    against=TRACED,
    needs=("traced", "jit"),
    budget=Budget(single=12),
)
def test_static_and_traced_bounds_agree(loop: LoopSubject, cases: LoopBatch) -> None:
    """Static bounds and traced bounds give the same value.

    The target is compared with itself, without the oracle.
    """
    must_equal(cases, loop.in_variant(TRACED).run(cases), loop.run(cases))


@rule(
    "BOUND-04",
    CORE,
    "fori_loop.static",
    draw=Bulk(loops.RANGE, bounds.sides, bounds.half_static),
    catches=("a static bound lost when the other one is traced",),
    variants=(TRACED,),
    budget=Budget(batched=6),
)
def test_one_bound_static_the_other_traced(loop: LoopSubject, cases: LoopBatch) -> None:
    """One bound may be static while the other is traced."""
    must_equal(cases, oracle.run(cases), loop.run_half_static(cases))


@rule(
    "BOUND-05",
    PARITY,
    draw=Enumerated(bounds.index_dtypes),
    catches=("an index that is always int32",),
    variants=(TRACED,),
)
def test_a_traced_index_has_the_dtype_of_the_bounds(loop: LoopSubject, case: Snippet) -> None:
    """With traced bounds, the index has the dtype of the bounds.

    So adding it to a carry of that dtype keeps the dtype.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "BOUND-06",
    PARITY,
    draw=Enumerated(bounds.mixed),
    catches=("a Python int refused next to an int16",),
)
def test_a_python_int_goes_with_any_signed_bound(loop: LoopSubject, case: Snippet) -> None:
    """A Python int may be combined with a bound of any signed dtype, in either order."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "BOUND-07",
    PARITY,
    draw=Enumerated(bounds.mismatches),
    catches=("bounds of two dtypes silently promoted",),
    needs=("refuse",),
)
def test_bounds_of_two_dtypes_are_refused(loop: LoopSubject, case: Snippet) -> None:
    """Bounds of two different dtypes are refused with a TypeError that names both."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="bounds of two dtypes",
        errors=(TypeError,),
        naming=bounds.dtypes_of(case),
    )


@rule(
    "BOUND-08",
    PARITY,
    draw=Enumerated(bounds.vectors),
    catches=("the first element of an array used as the bound",),
    needs=("refuse",),
)
def test_a_bound_that_is_not_a_scalar_is_refused(loop: LoopSubject, case: Snippet) -> None:
    """A bound that is not a scalar is refused with a TypeError."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a bound of shape (1,) or (2,)",
        errors=(TypeError,),
    )


@rule(
    "BOUND-09",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    "fori_loop.static",
    draw=Enumerated(bounds.of_every_type),
    catches=("a NumPy scalar not accepted as an integer",),
    variants=(STATIC, PLAIN),
)
def test_a_bound_may_be_written_in_any_way(loop: LoopSubject, case: Snippet) -> None:
    """A bound may be a Python int, a NumPy scalar, a 0-d NumPy array or an array."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "BOUND-10",
    QUIRK,
    draw=Enumerated(bounds.static_indices),
    catches=("an index of the bounds' dtype although the bounds are static",),
    variants=(STATIC,),
    needs=("jit",),
)
def test_a_static_index_is_weakly_typed(loop: LoopSubject, case: Snippet) -> None:
    """With static bounds the index is weakly typed, regardless of the bounds' dtype."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "BOUND-11",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Enumerated(bounds.static_extremes),
    catches=("a length that overflows", "an index one past the last"),
    variants=(STATIC, PLAIN),
)
def test_static_extremes(loop: LoopSubject, cases: LoopBatch) -> None:
    """A static range may include the least and the greatest number of its dtype."""
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "BOUND-12",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Enumerated(bounds.static_unsigned_extremes),
    catches=("an unsigned bound cast to int32",),
    variants=(STATIC, PLAIN),
)
def test_static_unsigned_extremes(loop: LoopSubject, cases: LoopBatch) -> None:
    """A static range of an unsigned dtype may exceed the greatest int32."""
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "BOUND-13",
    CORE,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Enumerated(bounds.beyond_32_bits),
    catches=("a bound silently truncated to 32 bits",),
    variants=(STATIC, TRACED, PLAIN),
)
def test_bounds_beyond_32_bits(loop: LoopSubject, case: Expression) -> None:
    """A bound beyond 32 bits is used in full or refused, but never truncated.

    The ranges have four trips.
    """
    must_equal_or_refuse(case, lambda: loop.call_case(case), value_of(case), ANY_ERROR)


@rule(
    "BOUND-14",
    CORE,
    "fori_loop.returned",
    "fori_loop.lower",
    draw=Enumerated(bounds.in_arrays),
    catches=("a bound incremented in place", "one array reused as every index"),
    variants=(STATIC, STATIC_DISABLED, PLAIN),
)
def test_bounds_are_values(loop: LoopSubject, case: Expression) -> None:
    """Bounds in arrays are read once, at the call, and never written; each index is a new object.

    Indices that a body stores keep their values. If nothing is traced, a body that writes to the
    array of a bound does not change the range.
    """
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "BOUND-15",
    QUIRK,
    draw=Enumerated(bounds.one_past_int32),
    catches=("both bounds converted to the index's dtype",),
    variants=(STATIC, STATIC_JIT, PLAIN),
)
def test_an_upper_bound_need_not_be_an_index(loop: LoopSubject, case: Expression) -> None:
    """With int32 indices, a static upper may be 2**31, one past the last index.

    JAX raised OverflowError up to 0.4.35, as does a loop that passes its bounds to a program.
    """
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "BOUND-16",
    CORE,
    "fori_loop.semantics",
    draw=Covering(of_chapter("BOUND"), simpler),
    catches=("a trip count computed in the dtype of the bounds", "one static bound taken for two"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=120),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """The loop is the Python loop however its bounds are given, in pairs with all else.

    Bounds of each dtype, at its ends, static and traced, alone or on one side, from a Python int to
    an array.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "BOUND-17",
    PARITY,
    "fori_loop.lower",
    "fori_loop.upper",
    draw=Enumerated(wide.wide),
    catches=("an index or a bound kept in 32 bits", "a carry kept in 32 bits"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_64_bits_where_jax_has_them(loop: LoopSubject, case: LoopCase) -> None:
    """Within ``jax.enable_x64``, bounds, indices and the carry may have 64 bits."""
    must_give(case, expected_of(case), loop.run_case(case))
