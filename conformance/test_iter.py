"""ITER: which iterations run, in which order, with which index."""

from foricheck.cases.loop import Expression, LoopBatch, StructuredBatch
from foricheck.cases.variants import EVERY_VARIANT, PLAIN, STATIC, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_equal, must_equal_each, must_equal_together
from foricheck.oracle import programs as oracle
from foricheck.oracle import structured as structured_oracle
from foricheck.programs.expressions import expected as value_of
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Compiled, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
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

    The carry is a record of the indices seen. Since ``fori_loop`` is polymorphic in the carry, a
    loop that is right for this one body is right for every body and carry, as far as iterations
    go (Bernardy, Jansson and Claessen, Testing Polymorphic Properties, ESOP 2010).
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

    The body changes the carry whenever it runs: one that adds the index would hide an iteration
    at index 0.
    """
    must_equal(cases, cases.carry, loop.run(cases))


@rule(
    "ITER-03",
    CORE,
    "fori_loop.loop",
    "fori_loop.indices",
    draw=Enumerated(loops.every_int8_pair),
    catches=("a wrap at the bounds' own dtype", "any mistake in so small a range"),
    variants=(TRACED, PLAIN),
)
def test_every_pair_of_int8_bounds(loop: LoopSubject, cases: LoopBatch) -> None:
    """Each of the 65,536 pairs of int8 bounds runs exactly its range.

    What is small enough is enumerated, not sampled. Only where a loop runs in Python are the
    ranges of more than 8 trips sampled.
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
    """Each iteration computes body(i, val) from the val before, and the last val is the result.

    Body programs of exact integer instructions, so the values agree bit for bit.
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
    """The trip count may be large: just around 2**8, 2**15, 2**16 and 2**24 too.

    The expected hash of the indices has a closed form, so that the oracle does not loop. 2**24
    trips are run only where bounds are traced, in one compiled loop.
    """
    must_equal(cases, oracle.recorded(cases), loop.run(cases))


@rule(
    "ITER-06",
    CORE,
    "fori_loop.semantics",
    draw=Bulk(loops.PROGRAM, loops.int32, loops.programs),
    catches=("a first or last iteration treated apart", "remainders of an unrolled loop"),
    reproduction=lambda cases: (cases, *loops.halves_from(cases, oracle.run)),
)
def test_a_range_may_be_split(loop: LoopSubject, cases: LoopBatch) -> None:
    """Running lower to b and then b to upper is running lower to upper.

    No oracle is asked: the target is compared with itself.
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
def test_only_the_trip_count_matters_to_a_blind_body(loop: LoopSubject, cases: LoopBatch) -> None:
    """To a body that ignores the index, only upper − lower matters.

    No oracle is asked: the target is compared with itself, on the range moved to 0.
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
    """An iteration that leaves the carry as it was does not end the loop.

    The body takes the larger of the carry and the index: nothing changes until the index is
    large enough.
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
    """A call depends on its arguments alone, not on the calls before it.

    The same body is called with other bounds, with another carry, and with another value that it
    closes over, and the first call is repeated.
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

    The outer body runs the whole inner loop from 0 to its own index.
    """
    must_equal(cases, oracle.run_nested(cases), loop.run_nested(cases))


@rule(
    "ITER-11",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.programs, structured.simpler),
    catches=("a compiler that reads what it has just written", "a layout lost between iterations"),
    variants=(STATIC_JIT, PLAIN),
    needs=("pytree",),
    budget=Budget(single=4),
)
def test_structured_bodies_with_static_bounds(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with its static bounds, give their value exactly.

    Sums, rolls, windows, updates in place at the index, sorts, branches and inner loops, over
    leaves of several integer dtypes and shapes. The programs of ITER-04 are data of one compiled
    interpreter; these are compiled themselves, and the oracle never sees their text.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-12",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.programs, structured.simpler),
    catches=("a buffer shared by two iterations", "an update in place of what is still to be read"),
    variants=(TRACED,),
    needs=("pytree",),
    budget=Budget(single=4),
)
def test_structured_bodies_with_traced_bounds(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with traced bounds, give their value exactly."""
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-13",
    CORE,
    "fori_loop.unroll",
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.unrolled, structured.programs, structured.simpler),
    catches=("iterations fused that depend on each other", "a leaf that an unrolled trip forgets"),
    variants=(STATIC_JIT,),
    needs=("unroll", "pytree"),
    budget=Budget(single=4),
)
def test_structured_bodies_unrolled(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies of any structure, each compiled with its loop unrolled, give their value exactly.

    Completely, and two or three trips at a time: a compiler then joins what was apart.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-14",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.narrow, structured.indexing, structured.simpler),
    catches=("an index of 8 bits that wraps in an address", "an unsigned index taken for a signed"),
    variants=(TRACED,),
    needs=("pytree",),
    budget=Budget(single=8),
)
def test_narrow_indices_index_arrays(loop: LoopSubject, cases: StructuredBatch) -> None:
    """An index of 8 or 16 bits, signed or not, can be used to index arrays.

    The structured bodies of ITER-12, each of which begins with the index, and ranges near zero and
    at the ends of the dtype.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-15",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.moved_windows),
    catches=("a window moved forwards within its array, element by element",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_a_window_moves_within_its_array(loop: LoopSubject, cases: StructuredBatch) -> None:
    """A body may move a window of an array to another place in that array.

    All of the window is read before any of it is written.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-16",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.rolled_windows),
    catches=("two windows joined before each is held inside its array",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_a_window_of_a_rolled_array(loop: LoopSubject, cases: StructuredBatch) -> None:
    """A body may take a window, at the index, of an array that it rolled by the index."""
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
    """An index of 8 bits can index an array of more than 127 elements, from either end."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-18",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.every_instruction),
    catches=("one operation compiled wrong", "a shift of negatives, the place of a tie"),
    variants=(STATIC_JIT, PLAIN),
    needs=("pytree",),
)
def test_every_instruction(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Each instruction of structured bodies, compiled by itself, gives its value exactly.

    On negative numbers and on ties, so that no instruction is left to what ITER-11 draws.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-19",
    CORE,
    "fori_loop.semantics",
    draw=Compiled(STRUCTURED, structured.int32, structured.floating, structured.simpler),
    catches=("an identity of the reals that NaN or a zero breaks", "zeros that lose their sign"),
    variants=(TRACED, PLAIN),
    needs=("pytree",),
    budget=Budget(single=3),
)
def test_structured_bodies_over_floats(loop: LoopSubject, cases: StructuredBatch) -> None:
    """Bodies over floating-point numbers, NaN and both zeros among them, give their value exactly.

    The structured bodies of ITER-12 over float32, with instructions that round at most once. What
    holds for the reals need not hold here: x + 0 is not x where x is -0.0, and neither x >= 0 nor
    x < 0 holds where x is NaN.
    """
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))


@rule(
    "ITER-20",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.compared_sizes),
    catches=("a comparison decided before it is made", "NaN taken for a number"),
    variants=(STATIC_JIT, TRACED, PLAIN),
)
def test_nan_is_not_at_least_zero(loop: LoopSubject, case: Expression) -> None:
    """In a body, the absolute value of NaN is not at least zero: no comparison with NaN holds."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-21",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.added_zeros),
    catches=("an addition of zero left out",),
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
    catches=("a product with a mask done as a choice",),
    variants=(STATIC_JIT, TRACED, PLAIN),
)
def test_a_number_times_false(loop: LoopSubject, case: Expression) -> None:
    """In a body, a number times False is that number times 0: NaN of NaN, and -0.0 of -1.0."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "ITER-23",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(structured.divided_squares),
    catches=("a square taken for a number that is not negative",),
    variants=(STATIC_JIT, TRACED, PLAIN),
    needs=("pytree",),
)
def test_squares_that_overflow_are_divided(loop: LoopSubject, cases: StructuredBatch) -> None:
    """In a body, a square that overflows is negative, and its quotient is that of a negative."""
    must_equal_each(cases, structured_oracle.run(cases), loop.run_case(cases))
