"""REC: the recurrence state ← tanh(state @ W + x), run T times from state = x."""

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import EVERY_VARIANT, PLAIN, STATIC, TRACED
from foricheck.comparison.assertions import must_be_refused, must_be_within, must_equal
from foricheck.comparison.rec.checking import must_be_right, must_be_right_or_refused, must_not_grow
from foricheck.oracle import recurrence as oracle
from foricheck.oracle.bounds import Enclosure, step_bound, trajectory_bound
from foricheck.oracle.gradient import vjp
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.rec import recurrences, rows, walks
from foricheck.strategies.rec.recurrences import CASE
from foricheck.targets.recurrence import RecurrenceSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK


def weights(cases: RecurrenceBatch) -> Array:
    """The weights of each case, drawn in the precision of x."""
    return oracle.weights(cases.seed, cases.hidden, dtype=cases.x.dtype)


def trajectory(rec: RecurrenceSubject, cases: RecurrenceBatch) -> Enclosure:
    """The final state with its error bound."""
    return trajectory_bound(weights(cases), cases.x, cases.T, arithmetic=rec.arithmetic)


def step(rec: RecurrenceSubject, cases: RecurrenceBatch, state: Array) -> Enclosure:
    """One step from a state, with its error bound."""
    return step_bound(state, weights(cases), cases.x, arithmetic=rec.arithmetic)


def cotangent_of_x(rec: RecurrenceSubject, cases: RecurrenceBatch, cotangent: Array) -> Enclosure:
    """The cotangent pulled back to x, with its error bound."""
    return vjp(weights(cases), cases.x, cases.T, cotangent, arithmetic=rec.arithmetic).x


@rule(
    "REC-01",
    CORE,
    "recurrence.step",
    "recurrence.same_x",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.short),
    catches=("W transposed", "x not added", "the factor 0.1 missing", "a state initialized to 0"),
    variants=EVERY_VARIANT,
)
def test_value_is_within_the_derived_bound(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """The result is tanh(state @ W + x), T times from state = x, within the derived error bound.

    The bound on a whole trajectory is sharp for small hidden sizes and few trips; REC-02 judges
    other cases step by step.
    """
    return must_be_within(
        cases,
        trajectory(rec, cases),
        rec.run(cases),
    )


@rule(
    "REC-02",
    CORE,
    "recurrence.step",
    "recurrence.same_x",
    "recurrence.weights",
    draw=Bulk(CASE, recurrences.every_hidden, recurrences.long),
    catches=("a product in bfloat16", "an inaccurate tanh", "an early exit near a fixed point"),
    reproduction=lambda cases: (cases, cases.one_more()),
    budget=Budget(batched=30, single=5),
)
def test_every_step_follows_from_the_state_before(
    rec: RecurrenceSubject, cases: RecurrenceBatch
) -> float:
    """The state after T + 1 trips is one step from the target's state after T, within its bound.

    Whole trajectories are chaotic for large hidden sizes, where W is expansive; single steps are
    not.
    """
    before = rec.run(cases)
    return must_be_within(
        cases,
        step(rec, cases, before),
        rec.run(cases.one_more()),
    )


@rule(
    "REC-03",
    CORE,
    "fori_loop.no_iterations",
    "recurrence.from_zero",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.zero),
    catches=("one step too many at T = 0", "a cast of x"),
    budget=Budget(batched=4, single=3),
)
def test_no_trips_give_x(rec: RecurrenceSubject, cases: RecurrenceBatch) -> None:
    """T = 0 returns x, bit for bit."""
    must_equal(cases, cases.x, rec.run(cases))


@rule(
    "REC-04",
    CORE,
    "fori_loop.no_iterations",
    "recurrence.from_zero",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.negative),
    catches=("|T| trips", "a loop that counts down to 0"),
    budget=Budget(batched=4, single=3),
)
def test_negative_trips_give_x(rec: RecurrenceSubject, cases: RecurrenceBatch) -> None:
    """T < 0 returns x, bit for bit: no iteration runs if upper <= lower."""
    must_equal(cases, cases.x, rec.run(cases))


@rule(
    "REC-05",
    CORE,
    "recurrence.from_zero",
    "recurrence.trips",
    "recurrence.trip_count",
    draw=Bulk(CASE, recurrences.every_hidden, recurrences.one_hot),
    catches=("T − 1 trips", "T + 1 trips", "a state initialized to 0"),
    budget=Budget(batched=10, single=4),
)
def test_one_trip_is_one_step(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """T = 1 takes exactly one step from x.

    The input selects a single row of the weights, so the bound is sharp for every hidden size.
    """
    return must_be_within(cases, step(rec, cases, cases.x), rec.run(cases))


@rule(
    "REC-06",
    CORE,
    "recurrence.key",
    "recurrence.weights",
    "recurrence.model",
    draw=Enumerated(recurrences.edge_seeds),
    catches=(
        "a seed truncated to 31 bits",
        "a key used without fold_in",
        "weights kept from an earlier seed",
    ),
)
def test_weights_come_from_the_seed(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """W is normal * 0.1, drawn with the first key of the NNX random stream for the seed.

    One step reads every row of W, for seeds at the edges of 32 bits. With x64 on, W is drawn in
    float64, and seeds at the edges of 64 bits are included.
    """
    return must_be_within(cases, step(rec, cases, cases.x), rec.run(cases))


@rule(
    "REC-07",
    CORE,
    "recurrence.model",
    "recurrence.casts",
    "recurrence.call",
    draw=Enumerated(recurrences.fractions),
    catches=("rounding instead of truncation", "floats refused"),
    variants=(STATIC, PLAIN),
)
def test_numbers_are_truncated(rec: RecurrenceSubject, case: Call) -> None:
    """The seed, hidden and T may be floats and are truncated as by int()."""
    must_equal(case, rec.run_case(case.truncated()), rec.run_case(case))


@rule(
    "REC-08",
    CORE,
    "recurrence.x",
    "recurrence.output",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.short),
    catches=("a result of shape (1, hidden)", "a result in another precision"),
    variants=(STATIC, PLAIN),
    budget=Budget(single=3),
)
def test_result_has_the_shape_of_x(rec: RecurrenceSubject, cases: RecurrenceBatch) -> None:
    """The result has shape (hidden,) and is float32 for a float32 x.

    With x64 on the weights are float64, and so must x be, since a carry keeps its dtype.
    """
    rec.run(cases)  # raises for any other shape or dtype


@rule(
    "REC-09",
    CORE,
    "recurrence.own_model",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.moving),
    catches=("weights kept between calls", "a random stream that moves on"),
    reproduction=lambda cases: (cases, cases.with_other_seeds(), cases, cases),
    budget=Budget(batched=4, single=3),
)
def test_a_call_leaves_no_trace(rec: RecurrenceSubject, cases: RecurrenceBatch) -> None:
    """The same call gives the same bits, regardless of previous calls.

    It is repeated twice, so that one repetition follows an even and one an odd number of calls.
    """
    first = rec.run(cases)
    rec.run(cases.with_other_seeds())
    must_equal(cases, first, rec.run(cases))
    must_equal(cases, first, rec.run(cases))


@rule(
    "REC-10",
    PARITY,
    draw=Bulk(CASE, recurrences.every_hidden, recurrences.long),
    catches=("a bias", "a tanh that is not odd"),
    reproduction=lambda cases: (cases, cases.negated()),
    budget=Budget(batched=10, single=4),
)
def test_odd_symmetry(rec: RecurrenceSubject, cases: RecurrenceBatch) -> None:
    """f(seed, −x) = −f(seed, x), bit for bit.

    Rounding to nearest is symmetric and tanh is odd, so neither the oracle nor a bound is needed. A
    zero may have either sign, since a sum that cancels is always +0.
    """
    one, other = rec.run(cases), rec.run(cases.negated())
    must_equal(cases, one + 0.0, -other + 0.0)


@rule(
    "REC-11",
    CORE,
    "fori_loop.static",
    "recurrence.runtime_length",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.short),
    catches=("a static T handled by different code",),
    variants=(STATIC,),
    against=TRACED,
    needs=("traced", "jit"),
)
def test_static_and_traced_trip_counts_agree(
    rec: RecurrenceSubject, cases: RecurrenceBatch
) -> float:
    """A static T and a traced T give the same value, within the sum of their error bounds."""
    error = trajectory(rec, cases).error
    traced = rec.in_variant(TRACED).run(cases)
    return must_be_within(cases, Enclosure(traced.astype(np.float64), 2 * error), rec.run(cases))


@rule(
    "REC-12",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.differentiated),
    catches=("a stopped gradient", "a gradient without the input's direct path"),
    variants=(STATIC,),
    needs=("grad", "reverse"),
    budget=Budget(single=6),
)
def test_gradient_is_backpropagation(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """With a static T, reverse mode gives the cotangent of x computed by backpropagation."""
    cotangent = np.ones_like(cases.x)
    expected = cotangent_of_x(rec, cases, cotangent)
    return must_be_within(cases, expected, rec.gradient(cases, cotangent))


@rule(
    "REC-13",
    PARITY,
    "recurrence.x",
    draw=Enumerated(recurrences.wrong_lengths),
    catches=("an x truncated or padded to fit",),
    variants=(STATIC, PLAIN),
    needs=("refuse",),
)
def test_an_x_of_another_length_is_refused(rec: RecurrenceSubject, case: Call) -> None:
    """An x whose length differs from hidden is refused with an error."""
    must_be_refused(
        case, lambda: rec.call_case(case), what="x has another length", errors=(Exception,)
    )


@rule(
    "REC-14",
    PARITY,
    draw=Enumerated(recurrences.invalid_arguments),
    catches=("a NaN accepted as a trip count", "an infinite seed accepted"),
    variants=(STATIC, PLAIN),
    needs=("refuse",),
)
def test_invalid_arguments_are_refused(rec: RecurrenceSubject, case: Call) -> None:
    """A negative hidden, a non-finite seed, hidden or T, and a non-numeric x are refused."""
    must_be_refused(case, lambda: rec.call_case(case), what="no such input", errors=(Exception,))


@rule(
    "REC-15",
    CORE,
    "recurrence.runtime_length",
    draw=Enumerated(recurrences.very_long),
    catches=("a cap on T", "an early exit although the state still changes"),
    reproduction=lambda cases: (cases, cases.one_more()),
    variants=(TRACED, PLAIN),
)
def test_there_may_be_many_trips(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """T may exceed ten thousand: one more trip is still one step from the previous state."""
    before = rec.run(cases)
    return must_be_within(cases, step(rec, cases, before), rec.run(cases.one_more()))


@rule(
    "REC-16",
    CORE,
    "recurrence.output",
    draw=Enumerated(recurrences.in_numpy),
    catches=("the state stored in the array of x",),
    variants=(STATIC, PLAIN),
)
def test_x_is_left_alone(rec: RecurrenceSubject, case: Call) -> None:
    """A call does not modify the caller's x, even if it is a NumPy array."""
    seed, x, hidden, T = case.values()
    before = x.copy()
    rec.guarded(case, lambda: rec.call(seed, x, hidden, T))
    must_equal(case, before, x)


@rule(
    "REC-17",
    CORE,
    "jax.vmap",
    draw=Bulk(CASE, recurrences.small_hidden, recurrences.short),
    catches=("the trip count of one lane used for all", "the seed of one lane used for all"),
    reproduction=lambda cases: (cases, cases.with_other_seeds()),
    variants=(TRACED,),
    needs=("vmap",),
    budget=Budget(batched=4),
)
def test_vmap_gives_each_lane_its_own(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """Under vmap over seed, x and T, each lane gives the result for its own seed, x and T.

    Each case is mapped together with a case that has another seed and one more trip.
    """
    others = cases.with_other_seeds()
    expected = trajectory(rec, cases).beside(trajectory(rec, others))
    return must_be_within(cases, expected, rec.run_mapped(cases, others))


def one_step(rec: RecurrenceSubject, cases: RecurrenceBatch) -> Enclosure:
    """One step from inputs that are zero at most places, with its bound.

    Only the rows of the weights that an input selects enter, so that the cost is that of W.
    """
    W = oracle.weights(int(cases.seed[0]), cases.hidden, dtype=cases.x.dtype)
    places = walks.selected(cases.x)
    held = np.take_along_axis(cases.x, places, axis=1)
    return step_bound(held, W[places], cases.x, arithmetic=rec.arithmetic)


def covered(topic: str) -> Enumerated:
    """The rows about a topic, made simpler when one fails."""
    return Enumerated(rows.rows_about(topic), rows.simpler, every=5)


@rule(
    "REC-18",
    CORE,
    "recurrence.casts",
    "recurrence.model",
    draw=covered("numbers"),
    catches=("a seed of more than 32 bits", "an unsigned T that wraps", "a NumPy float rounded"),
    variants=(STATIC, PLAIN),
)
def test_numbers_count_as_int_does(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """Seed, hidden and T count as int of them, whatever scalar they are given as."""
    return must_be_right(rec, case)


@rule(
    "REC-19",
    CORE,
    "recurrence.weights",
    "recurrence.key",
    "recurrence.step",
    draw=Enumerated(walks.rows_of_weights, together=True, every=4),
    catches=("one weight that is off", "a rest beside full blocks", "a size drawn in two parts"),
    variants=(STATIC, PLAIN),
)
def test_every_row_of_the_weights_is_right(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """At every hidden size, every row of W is the documented one: one step reads it.

    An input with a single component that is not zero makes one product in every sum, so that the
    bound is a few units in the last place, however many units there are.
    """
    return must_be_within(cases, one_step(rec, cases), rec.run_beside(cases))


@rule(
    "REC-20",
    CORE,
    "recurrence.trip_count",
    "recurrence.long_loop",
    "recurrence.runtime_length",
    draw=Enumerated(walks.trip_counts),
    catches=("a cap on T", "blocks that lose the rest", "a count of 16 bits"),
    reproduction=lambda cases: (cases, cases.one_more()),
)
def test_every_trip_count_is_right(rec: RecurrenceSubject, cases: RecurrenceBatch) -> float:
    """T + 1 trips are one step from the state after T, around every power of two.

    The state never comes to rest there, so that no trip can be left out unseen.
    """
    before = rec.run(cases)
    return must_be_within(cases, step(rec, cases, before), rec.run(cases.one_more()))


@rule(
    "REC-21",
    CORE,
    "jax.vmap",
    "jax.compose",
    draw=covered("vmap"),
    catches=("the x of one lane used for all", "one T for all lanes", "a vmap inside a jit"),
    variants=(STATIC,),
    needs=("vmap",),
)
def test_vmap_over_each_argument(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """Under vmap over any of seed, x and T, alone or together, each lane gives its own result."""
    return must_be_right(rec, case)


@rule(
    "REC-22",
    CORE,
    "jax.modes",
    "fori_loop.reverse_if_static",
    draw=Enumerated(walks.all_derivatives, rows.simpler, every=5),
    catches=("no forward mode", "a gradient cut off", "a derivative lost beside full blocks"),
    variants=(STATIC,),
    needs=("grad",),
)
def test_derivatives_with_a_static_trip_count(
    rec: RecurrenceSubject, case: RecurrenceCase
) -> float:
    """With a static T, forward and reverse mode give the derivative in x, at every hidden size."""
    return must_be_right(rec, case)


@rule(
    "REC-23",
    CORE,
    "jax.modes",
    draw=covered("traced derivative"),
    catches=("a tangent that stops where T is traced",),
    variants=(STATIC,),
    needs=("grad", "forward", "traced"),
)
def test_forward_derivative_with_a_traced_trip_count(
    rec: RecurrenceSubject, case: RecurrenceCase
) -> float:
    """With a traced T, forward mode gives the derivative in x."""
    return must_be_right(rec, case)


@rule(
    "REC-24",
    PARITY,
    "recurrence.step",
    draw=covered("special values"),
    catches=("a NaN taken for 0", "an infinity clipped", "a subnormal x flushed where T = 0"),
    variants=(STATIC, PLAIN),
)
def test_special_values_spread(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """NaN and infinities in x spread as tanh(state @ W + x) says."""
    return must_be_right(rec, case)


@rule(
    "REC-25",
    CORE,
    "recurrence.x",
    draw=covered("layout"),
    catches=("strides ignored", "a read-only x written into", "a donated x"),
    variants=(STATIC, PLAIN),
)
def test_x_may_lie_in_memory_as_it_likes(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """X may be strided, reversed, read-only or wider: its elements are read, and left alone."""
    return must_be_right(rec, case)


@rule(
    "REC-26",
    PARITY,
    draw=covered("keywords"),
    catches=("a keyword T that is not read", "arguments by position only"),
    variants=(STATIC, PLAIN),
)
def test_arguments_may_be_passed_by_keyword(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """The arguments may be passed by their names: seed, x, hidden and T."""
    return must_be_right(rec, case)


@rule(
    "REC-27",
    CORE,
    "recurrence.own_model",
    draw=covered("history"),
    catches=(
        "weights kept by a hash",
        "a tracer that is kept",
        "what a failed call left",
    ),
    variants=(STATIC, PLAIN),
)
def test_what_came_before_does_not_count(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """The result does not depend on the calls before: other seeds, sizes, a call that raised."""
    return must_be_right(rec, case)


@rule(
    "REC-28",
    CORE,
    "jax.threads",
    "recurrence.own_model",
    draw=covered("threads"),
    catches=("a global that two calls share",),
    variants=(STATIC,),
)
def test_two_threads_do_not_share(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """Two threads that call with different seeds at the same time get their own results."""
    return must_be_right(rec, case)


@rule(
    "REC-29",
    CORE,
    "recurrence.single_while",
    "recurrence.python_loop",
    draw=Enumerated(walks.ten_trips),
    catches=("steps unrolled in Python", "unroll=True"),
    variants=(STATIC,),
    needs=("jit", "one_while"),
    reproduction=lambda case: (case, walks.a_thousand_trips(case)),
)
def test_the_program_does_not_grow_with_T(rec: RecurrenceSubject, case: RecurrenceBatch) -> None:
    """The program for a static T of 1,000 is of the size of that for 10: fori_loop is one While.

    Where steps are unrolled, each trip more is at least one operation more; a remainder, or
    unrolling by some factor, adds fewer.
    """
    longer = walks.a_thousand_trips(case)
    must_not_grow(longer, rec.program_size(case), rec.program_size(longer))


@rule(
    "REC-30",
    QUIRK,
    "recurrence.casts",
    draw=covered("arrays as numbers"),
    catches=("an array taken for a key", "an array that cannot be a key of a dictionary"),
    variants=(STATIC, PLAIN),
)
def test_numbers_may_be_arrays(rec: RecurrenceSubject, case: RecurrenceCase) -> float:
    """Seed, hidden and T may be arrays without axes, which count as int of them.

    A solution that is compiled for each seed, hidden and T refuses them, and is not wrong.
    """
    return must_be_right(rec, case)


@rule(
    "REC-31",
    CORE,
    "recurrence.weights",
    "recurrence.step",
    draw=Enumerated(walks.other_dtypes),
    catches=("weights cast to the dtype of x", "an integer state"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_x_of_another_dtype_makes_no_step_less_precise(
    rec: RecurrenceSubject, case: RecurrenceCase
) -> float:
    """An x of half precision or of integers is refused, or its steps are as precise as others.

    The documented loop refuses it: a step gives the dtype of the weights.
    """
    return must_be_right_or_refused(rec, case)
