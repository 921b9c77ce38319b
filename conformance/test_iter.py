"""ITER: which iterations run, in which order, with which index."""

from foricheck.cases.loop import Expression, LoopBatch, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import EVERY_VARIANT, PLAIN, STATIC, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_equal, must_equal_each, must_equal_together
from foricheck.comparison.outcomes import must_give
from foricheck.oracle import programs as oracle
from foricheck.oracle import structured as structured_oracle
from foricheck.programs.expressions import expected as value_of
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Compiled, Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.iter import loops, structured
from foricheck.strategies.iter.structured import STRUCTURED
from foricheck.targets.loop import LoopSubject

CORE = Level.CORE


@rule(
    "ITER-01",
    CORE,
    "fori_loop.loop",
    "fori_loop.indices",
    "fori_loop.type",
    "fori_loop.lower",
    "fori_loop.upper",
    "recurrence.trips",
    "recurrence.index",
    draw=Bulk(loops.RANGE, loops.int32, loops.recorded),
    catches=("a range that starts at one", "an inclusive upper bound", "iterations backwards"),
    variants=EVERY_VARIANT,
)
def test_indices_run_from_lower_up_to_upper(loop: LoopSubject, cases: LoopBatch) -> None:
    """The body runs for lower, lower + 1, …, upper − 1, in that order, once each.

    The carry records the indices. Since ``fori_loop`` is polymorphic in the carry, a loop that runs
    the right iterations for this body runs them for every body and carry (Bernardy, Jansson and
    Claessen, Testing Polymorphic Properties, ESOP 2010).
    """
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "ITER-02",
    CORE,
    "fori_loop.no_iterations",
    "fori_loop.increments",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.empty),
    catches=("a do-while", "a trip count of |upper − lower|"),
    variants=EVERY_VARIANT,
)
def test_no_iteration_when_upper_is_at_most_lower(loop: LoopSubject, cases: LoopBatch) -> None:
    """If upper <= lower, no iteration runs and the initial carry comes back.

    The body always changes the carry; adding the index, for example, would hide index 0.
    """
    must_equal(cases, cases.carry, loop.run(cases))


@rule(
    "ITER-03",
    CORE,
    "fori_loop.loop",
    "fori_loop.indices",
    draw=Enumerated(loops.every_int8_pair),
    catches=("a wrap at the bounds' dtype", "any fault in so small a range"),
    variants=(TRACED, PLAIN),
)
def test_every_pair_of_int8_bounds(loop: LoopSubject, cases: LoopBatch) -> None:
    """Each of the 65,536 pairs of int8 bounds runs exactly its range.

    All pairs are enumerated. Only for a loop that runs in Python are ranges of more than 8 trips
    sampled.
    """
    must_equal(cases, oracle.recorded(cases), loop.run(cases))


@rule(
    "ITER-04",
    CORE,
    "fori_loop.semantics",
    "fori_loop.returned",
    "fori_loop.init_val",
    "fori_loop.body_fun",
    "fori_loop.result",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.programs),
    catches=("a carry from another iteration", "an iteration done twice"),
    variants=EVERY_VARIANT,
    budget=Budget(batched=16, single=6),
)
def test_each_iteration_takes_the_value_before(loop: LoopSubject, cases: LoopBatch) -> None:
    """Each iteration computes body(i, val) from the previous val, and the last val is the result.

    Body programs use exact integer instructions, so values are compared bit for bit.
    """
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "ITER-05",
    CORE,
    "fori_loop.loop",
    draw=Enumerated(loops.long_ranges),
    catches=("a counter of 8 or 16 bits", "an index kept in floating point"),
)
def test_long_loops(loop: LoopSubject, cases: LoopBatch) -> None:
    """The trip count may be large, including around 2**8, 2**15, 2**16 and 2**24.

    The expected hash of the indices has a closed form, so the oracle does not loop. Loops of 2**24
    trips run only with traced bounds, in one compiled loop.
    """
    must_equal(cases, oracle.recorded(cases), loop.run(cases))


@rule(
    "ITER-06",
    CORE,
    "fori_loop.semantics",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.programs),
    catches=("a first or last iteration treated specially", "remainders of an unrolled loop"),
    reproduction=lambda cases: (cases, *loops.halves_from(cases, oracle.run)),
)
def test_a_range_may_be_split(loop: LoopSubject, cases: LoopBatch) -> None:
    """Running lower to b and then b to upper gives the same value as running lower to upper.

    The target is compared with itself, without the oracle.
    """
    first, second = loops.halves(cases)
    halfway = loop.run(first)
    must_equal(cases, loop.run(second.starting_from(halfway)), loop.run(cases))


@rule(
    "ITER-07",
    CORE,
    "fori_loop.semantics",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.programs_without_index),
    catches=("a trip count that depends on where the range lies",),
    reproduction=lambda cases: (cases, loops.moved_to_zero(cases)),
)
def test_only_the_trip_count_matters_without_the_index(loop: LoopSubject, cases: LoopBatch) -> None:
    """For a body that ignores the index, only upper − lower matters.

    The target is compared with itself, without the oracle, on the range shifted to start at 0.
    """
    must_equal(cases, loop.run(loops.moved_to_zero(cases)), loop.run(cases))


@rule(
    "ITER-08",
    CORE,
    "fori_loop.semantics",
    draw=Bulk(loops.RANGE, loops.int32, loops.fixed_points),
    catches=("an early exit at a fixed point",),
)
def test_no_early_exit_at_a_fixed_point(loop: LoopSubject, cases: LoopBatch) -> None:
    """An iteration that does not change the carry does not end the loop.

    The body takes the maximum of the carry and the index: nothing changes until the index is large
    enough.
    """
    must_equal(cases, oracle.run(cases), loop.run(cases))


@rule(
    "ITER-09",
    CORE,
    "fori_loop.returned",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.programs),
    catches=("results cached by body", "a closed-over value cached with the body's code"),
    variants=(STATIC, PLAIN),
    budget=Budget(single=8),
)
def test_a_call_depends_on_its_arguments_alone(loop: LoopSubject, cases: LoopBatch) -> None:
    """A call depends only on its arguments, not on previous calls.

    The same body is called with other bounds, another carry and another closed-over value; then the
    first call is repeated.
    """
    sequence = loops.calls_in_order(cases.lane(0))
    got = loop.run_in_order(sequence)
    must_equal_together(sequence, oracle.run(sequence), got)


@rule(
    "ITER-10",
    CORE,
    "jax.nesting",
    "fori_loop.body_fun",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.triangles),
    catches=("state shared between an inner and an outer loop",),
    needs=("traced",),
    budget=Budget(batched=4, single=2),
    nested=True,
)
def test_loops_nest(loop: LoopSubject, cases: LoopBatch) -> None:
    """Loops nest, and the inner bound may be the outer index.

    The outer body runs the inner loop from 0 to its index.
    """
    must_equal(cases, oracle.run_nested(cases), loop.run_nested(cases))


@rule(
    "ITER-11",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.programs, structured.simpler),
    catches=("an in-place update that reads its own output", "a layout lost between iterations"),
    variants=(STATIC_JIT, PLAIN),
    needs=("pytree",),
    budget=Budget(single=4),
)
def test_structured_bodies_with_static_bounds(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with static bounds, give their exact value.

    They combine sums, rolls, windows, in-place updates at the index, sorts, branches and inner
    loops over leaves of several integer dtypes and shapes. The programs of ITER-04 are data of one
    compiled interpreter; these are compiled themselves, and the oracle never sees their text.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-12",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.programs, structured.simpler),
    catches=("a buffer shared by two iterations", "an in-place update before a pending read"),
    variants=(TRACED,),
    needs=("pytree",),
    budget=Budget(single=4),
)
def test_structured_bodies_with_traced_bounds(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with traced bounds, give their exact value."""
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-13",
    CORE,
    "fori_loop.unroll",
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.unrolled, structured.programs, structured.simpler),
    catches=("dependent iterations that are fused", "a leaf lost in an unrolled trip"),
    variants=(STATIC_JIT,),
    needs=("unroll", "pytree"),
    budget=Budget(single=4),
)
def test_structured_bodies_unrolled(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with its loop unrolled, give their exact value.

    Loops are unrolled completely or by two or three trips, which lets a compiler fuse iterations.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-14",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.narrow, structured.indexing, structured.simpler),
    catches=("an 8-bit index that wraps in an address", "an unsigned index treated as signed"),
    variants=(TRACED,),
    needs=("pytree",),
    budget=Budget(single=8),
)
def test_narrow_indices_index_arrays(loop: LoopSubject, cases: StructuredBatch) -> None:
    """An index of 8 or 16 bits, signed or not, can be used to index arrays.

    The bodies are those of ITER-12, but start with the index; ranges are near zero and at the
    limits of the dtype.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-15",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.moved_windows),
    catches=("a window copied forward within its array, element by element",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_a_window_moves_within_its_array(loop: LoopSubject, cases: StructuredBatch) -> None:
    """A body may move a window of an array to another position in that array.

    The whole window is read before any of it is written.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-16",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.rolled_windows),
    catches=("two windows merged before each is clamped to its array",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_a_window_of_a_rolled_array(loop: LoopSubject, cases: StructuredBatch) -> None:
    """A body may take a window at the index from an array that it rolled by the index."""
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-17",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.long_arrays),
    catches=("a length that does not fit the dtype of the index",),
    variants=(TRACED, STATIC_JIT),
)
def test_narrow_indices_index_long_arrays(loop: LoopSubject, case: Expression) -> None:
    """An 8-bit index can index an array of more than 127 elements from either end."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-18",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.every_instruction),
    catches=("one operation compiled wrongly", "a wrong shift of negatives or argmax of ties"),
    variants=(STATIC_JIT, PLAIN),
    needs=("pytree",),
)
def test_every_instruction(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Each instruction of structured bodies, compiled by itself, gives its exact value.

    Inputs have negative numbers and ties. So every instruction is judged, whatever ITER-11 draws.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-19",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.floating, structured.simpler),
    catches=("an algebraic identity that fails for NaN or zeros", "zeros that lose their sign"),
    variants=(TRACED, PLAIN),
    needs=("pytree",),
    budget=Budget(single=3),
)
def test_structured_bodies_over_floats(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies over floating-point numbers, including NaN and both zeros, give their exact value.

    The structured bodies of ITER-12 over float32, with instructions that round at most once.
    Identities of the reals need not hold: x + 0 is not x if x is -0.0, and neither x >= 0 nor x < 0
    holds if x is NaN.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-20",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.compared_sizes),
    catches=("a comparison folded to a constant", "NaN treated as a number"),
    variants=(STATIC_JIT, TRACED, PLAIN),
)
def test_nan_is_not_at_least_zero(loop: LoopSubject, case: Expression) -> None:
    """In a body, |NaN| >= 0 is false: no comparison with NaN holds."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-21",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.added_zeros),
    catches=("an addition of zero removed",),
    variants=(STATIC_JIT, TRACED, PLAIN),
)
def test_zero_added_to_minus_zero(loop: LoopSubject, case: Expression) -> None:
    """In a body, 0.0 added to -0.0 is 0.0."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-22",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.masked_numbers),
    catches=("a product with a mask replaced by a select",),
    variants=(STATIC_JIT, TRACED, PLAIN),
)
def test_a_number_times_false(loop: LoopSubject, case: Expression) -> None:
    """In a body, a number times False is that number times 0: NaN for NaN, and -0.0 for -1.0."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-23",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.divided_squares),
    catches=("a square assumed to be non-negative",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_squares_that_overflow_are_divided(loop: LoopSubject, cases: StructuredBatch) -> None:
    """In a body, a square that overflows to a negative number is divided as a negative number."""
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-24",
    CORE,
    "fori_loop.semantics",
    draw=Covering(of_chapter("ITER"), simpler),
    catches=("a body of one form cached for another", "an inner loop that uses the outer index"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=80),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """Whatever the body does, the loop is the Python loop.

    Gathers, windows, products, inner loops, conditions, random bits and closed-over values; as a
    lambda, a partial, a method or another callable; each by itself and, in pairs, together.
    """
    must_give(case, expected_of(case), loop.run_case(case))
