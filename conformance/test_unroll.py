"""UNROLL: the keyword unroll, which changes the program but not the value."""

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import PLAIN, STATIC, STATIC_JIT
from foricheck.comparison.assertions import must_be_refused, must_equal
from foricheck.comparison.outcomes import must_give
from foricheck.programs.expressions import expected
from foricheck.proofs import stablehlo
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.unroll import factors
from foricheck.targets.loop import LoopSubject

CORE, PARITY = Level.CORE, Level.PARITY


@rule(
    "UNROLL-01",
    CORE,
    "fori_loop.unroll",
    draw=Enumerated(factors.every_factor),
    catches=("a missing remainder", "an extra trip on an empty range", "a division by zero trips"),
    variants=(STATIC,),
    needs=("jit", "unroll"),
)
def test_the_factor_does_not_change_the_value(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, every value of unroll gives the same result.

    The values are None, False, True and every factor from 1 to the trip count plus two.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "UNROLL-02",
    PARITY,
    draw=Enumerated(factors.zero),
    catches=("a division by zero", "a loop without iterations"),
    variants=(STATIC,),
    needs=("jit", "unroll"),
)
def test_zero_is_a_factor(loop: LoopSubject, case: LoopCase) -> None:
    """unroll=0 is accepted and gives the same result."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "UNROLL-03",
    CORE,
    "fori_loop.unroll_static",
    draw=Enumerated(factors.beside_traced_bounds),
    catches=("a factor that is silently ignored", "a remainder that cannot be known"),
    variants=(STATIC,),
    needs=("jit", "traced", "unroll", "refuse"),
)
def test_a_factor_is_refused_with_traced_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With a traced bound, a factor above 1 is refused with an error.

    ERROR-17 covers the message, and also requires that 0 and −1 are refused.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="unroll, where a bound is traced",
    )


@rule(
    "UNROLL-04",
    CORE,
    "fori_loop.unroll_static",
    draw=Enumerated(factors.true_beside_traced_bounds),
    catches=("True treated as the factor 1",),
    variants=(STATIC,),
    needs=("jit", "traced", "unroll", "refuse"),
)
def test_true_is_refused_with_traced_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With traced bounds, unroll=True is refused with an error.

    A loop with an unknown trip count cannot be unrolled completely, so the request must fail.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="unroll=True, where the bounds are traced",
    )


@rule(
    "UNROLL-05",
    PARITY,
    draw=Enumerated(factors.negative_factors),
    catches=(
        "a negative factor that skips the loop",
        "a negative factor replaced by its magnitude",
    ),
    variants=(STATIC,),
    needs=("jit", "unroll", "refuse"),
)
def test_a_negative_factor_is_refused(loop: LoopSubject, case: LoopCase) -> None:
    """A negative factor is refused with a ValueError that names unroll, even without trips."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a negative factor",
        errors=(ValueError,),
        naming=("unroll",),
    )


@rule(
    "UNROLL-06",
    CORE,
    "fori_loop.unroll_bool",
    draw=Enumerated(factors.rolled),
    catches=("True treated as the factor 1", "short loops unrolled without request"),
    variants=(STATIC,),
    needs=("unroll", "jit"),
)
def test_true_unrolls_completely(loop: LoopSubject, case: LoopCase) -> None:
    """With unroll=True the lowered program has no While; with None and False it has one."""
    (program,) = loop.programs(case)
    must_equal(case, case.unroll is not True, "stablehlo.while" in program.lower().as_text())


@rule(
    "UNROLL-07",
    CORE,
    "fori_loop.unroll_int",
    draw=Enumerated(factors.while_bodies),
    catches=("a factor that is ignored", "a factor that is clamped"),
    variants=(STATIC,),
    needs=("unroll", "jit"),
)
def test_a_while_iteration_runs_the_factor(loop: LoopSubject, case: LoopCase) -> None:
    """With unroll=k, one iteration of the lowered While runs k iterations of the loop.

    The body has one negation, which is counted in the program, since the value shows no difference.
    """
    (program,) = loop.programs(case)
    counts = stablehlo.in_whiles(program.lower().as_text(), "stablehlo.negate")
    must_equal(case, [case.unroll], sorted(set(counts)))


@rule(
    "UNROLL-08",
    CORE,
    "fori_loop.unroll",
    draw=Enumerated(factors.nested_carries),
    catches=(
        "leaves assigned one after the other",
        "a block whose iterations all read its initial carry",
    ),
    variants=(STATIC,),
    needs=("jit", "unroll", "pytree"),
)
def test_nested_carries_unroll(loop: LoopSubject, case: LoopCase) -> None:
    """Loops with nested carries and closed-over arrays give the same bits, unrolled or not."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "UNROLL-09",
    PARITY,
    draw=Enumerated(factors.invalid_factors),
    catches=("a factor that is truncated", "a factor parsed from text"),
    variants=(STATIC, STATIC_JIT, PLAIN),
    needs=("unroll", "refuse"),
)
def test_a_factor_that_is_no_integer_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A factor that is traced or not an integer is refused with a TypeError."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a factor that is no integer",
        errors=(TypeError,),
    )


@rule(
    "UNROLL-10",
    PARITY,
    draw=Enumerated(factors.without_effect),
    catches=("False refused, although it requests no unrolling",),
    variants=(STATIC,),
    needs=("jit", "traced", "unroll"),
)
def test_a_factor_without_effect_goes_with_traced_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With traced bounds, None, False and 1 are accepted, since they request no unrolling."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "UNROLL-11",
    PARITY,
    draw=Enumerated(factors.numpy_factors),
    catches=("a NumPy integer refused",),
    variants=(STATIC_JIT, PLAIN),
    needs=("unroll",),
)
def test_a_factor_may_be_a_numpy_integer(loop: LoopSubject, case: Expression) -> None:
    """A factor may be a NumPy integer."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "UNROLL-12",
    CORE,
    "fori_loop.semantics",
    "fori_loop.unroll",
    draw=Enumerated(factors.after_refused_factors),
    catches=("a program cached before its factor is checked",),
    variants=(STATIC, PLAIN),
    needs=("unroll",),
)
def test_a_refused_factor_is_forgotten(loop: LoopSubject, case: Expression) -> None:
    """After a call whose factor was refused, the same call with a valid factor works."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "UNROLL-13",
    CORE,
    "fori_loop.unroll_bool",
    draw=Enumerated(factors.one_trip),
    catches=("True treated as the factor 1, which is the trip count",),
    variants=(STATIC,),
    needs=("unroll", "jit"),
)
def test_true_unrolls_a_single_trip(loop: LoopSubject, case: LoopCase) -> None:
    """With unroll=True the lowered program of a single trip has no While either."""
    (program,) = loop.programs(case)
    must_equal(case, case.unroll is not True, "stablehlo.while" in program.lower().as_text())


@rule(
    "UNROLL-14",
    CORE,
    "fori_loop.unroll",
    draw=Covering(of_chapter("UNROLL"), simpler),
    catches=("trips left over by an unrolled loop", "unrolling that fits one carry alone"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=140),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """The value is the same for every unroll, in pairs with bounds, carry and body."""
    must_give(case, expected_of(case), loop.run_case(case))
