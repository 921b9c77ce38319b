"""TRACE: how often the body is traced, and the program that comes of it.

Rules about a program have it made inside their case, by ``jax.jit`` or ``jax.make_jaxpr``: they
are judged in one variant, whatever the bounds are inside.
"""

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_equal
from foricheck.programs.expressions import expected
from foricheck.proofs.while_loop import must_run_exactly, must_run_range
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.trace import programs, tracing
from foricheck.targets.loop import LoopSubject

CORE, PARITY = Level.CORE, Level.PARITY


@rule(
    "TRACE-01",
    CORE,
    "recurrence.long_loop",
    "recurrence.python_loop",
    "fori_loop.compiled",
    draw=Enumerated(tracing.trip_counts),
    catches=("a loop that Python unrolls", "a remainder of an unrolled loop, peeled in Python"),
    variants=(TRACED, STATIC, STATIC_JIT),
    needs=("jit",),
)
def test_traces_do_not_grow_with_the_trip_count(loop: LoopSubject, case: Expression) -> None:
    """How often the body is traced does not depend on the trip count.

    A loop that is traced anew for every trip takes for ever at large trip counts. A body counts
    its own traces, for 1, 3 and 2000 trips.
    """
    first, *others = loop.run_case(case)
    must_equal(case, [first] * len(others), others)


@rule(
    "TRACE-02",
    CORE,
    "recurrence.single_while",
    "recurrence.traced_once",
    draw=Enumerated(tracing.fresh_bodies),
    catches=("a trial call to learn types", "a body that is not traced if there are no trips"),
    variants=(TRACED, STATIC, STATIC_JIT),
    needs=("jit", "one_trace"),
)
def test_a_fresh_body_is_traced_once(loop: LoopSubject, case: Expression) -> None:
    """A body that was not seen before is traced exactly once, without trips too.

    The initial carry is strongly typed: a weak one is promoted by another trace (CARRY-10).
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-03",
    CORE,
    "fori_loop.compiled",
    "recurrence.runtime_length",
    draw=Enumerated(tracing.bounds_in_turn),
    catches=("a loop that runs in a host callback", "a scan over a padded maximum of trips"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_other_traced_bounds_do_not_retrace(loop: LoopSubject, case: Expression) -> None:
    """One jitted loop with traced bounds serves all their values: none retraces or recompiles.

    Empty, negative, long and extreme ranges are called one after the other, and give their values.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-04",
    CORE,
    "while_and_scan.single_while",
    "fori_loop.loop",
    "fori_loop.reduction",
    "fori_loop.no_reverse_if_traced",
    "recurrence.single_while",
    "recurrence.traced_once",
    draw=Enumerated(programs.traced_programs),
    catches=("a loop in each branch of a conditional", "a first loop that counts the trips"),
    variants=(STATIC,),
    needs=("jit", "traced", "one_while"),
)
def test_traced_bounds_make_one_while(loop: LoopSubject, case: Expression) -> None:
    """With traced bounds, both or one of them, the program has exactly one While.

    StableHLO has no other loop.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-05",
    CORE,
    "recurrence.single_while",
    draw=Enumerated(programs.counters),
    catches=("a cap on the trip count", "a counter compared for inequality", "a larger step"),
    variants=(STATIC,),
    needs=("jit", "traced", "one_while"),
)
def test_the_while_runs_exactly_the_range(loop: LoopSubject, case: Expression) -> None:
    """With traced bounds, the While runs while the index is below upper, from lower, in steps of 1.

    It is read from the jaxpr and proven for every lower and upper, where other rules sample them
    (over the integers: whether upper − lower wraps at its dtype is asked by ITER-03). Any counter
    will do whose condition and index are affine in lower, upper and the trip. A While of another
    form is neither proven nor refuted, and the rule is skipped.
    """
    must_run_exactly(case, loop.run_case(case))


@rule(
    "TRACE-06",
    CORE,
    "fori_loop.reduction",
    "recurrence.long_loop",
    "recurrence.python_loop",
    "while_and_scan.single_while",
    draw=Enumerated(programs.program_sizes),
    catches=("a loop that Python unrolls", "a table of the indices in the program"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_program_does_not_grow_with_the_trip_count(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, the program is as large for 10 trips as for 10**6.

    Its StableHLO text is measured, the digits of numbers apart: operations and constants. With
    traced bounds there is but one program (TRACE-03).
    """
    short, long = loop.run_case(case)
    must_equal(case, short, long)


@rule(
    "TRACE-07",
    CORE,
    "recurrence.final_state",
    "recurrence.scan_stacks",
    draw=Enumerated(programs.temporaries),
    catches=("a scan that stacks the carry of each trip", "an array of all indices"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_temporary_memory_does_not_grow_with_the_trip_count(
    loop: LoopSubject, case: Expression
) -> None:
    """With static bounds, the program takes as much temporary memory for 10 trips as for 10**6.

    Only the final state is wanted: the loop keeps one carry. With traced bounds there is but one
    program (TRACE-03).
    """
    short, long = loop.run_case(case)
    must_equal(case, short, long)


@rule(
    "TRACE-08",
    CORE,
    "while_and_scan.single_while",
    "fori_loop.compiled",
    draw=Enumerated(programs.host_calls),
    catches=("a loop that runs in a host callback", "progress that is told to the host"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_host_is_not_called(loop: LoopSubject, case: Expression) -> None:
    """The program of a loop calls nothing on the host if the body does not.

    No callback, no infeed and no outfeed: the While runs where its data is.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-09",
    CORE,
    "recurrence.closure",
    "recurrence.constant",
    "fori_loop.body_fun",
    draw=Enumerated(tracing.closures),
    catches=("closed-over values handed over in another order", "a value that is baked in"),
    variants=(TRACED, STATIC_JIT),
    needs=("jit",),
)
def test_the_body_may_close_over_traced_values(loop: LoopSubject, case: Expression) -> None:
    """The body may close over values that are traced outside, several at once, at any depth.

    Over arrays, a bound and the initial carry; and two bodies of the same code over other arrays.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-10",
    CORE,
    "jax.nesting",
    "fori_loop.body_fun",
    draw=Enumerated(tracing.nests),
    catches=("static and traced bounds mixed up in nested loops", "one slot for all loops' state"),
    variants=(TRACED, STATIC),
    needs=("jit", "traced"),
)
def test_loops_nest_three_deep(loop: LoopSubject, case: Expression) -> None:
    """Loops nest three deep, with bounds that are static or the indices around them.

    The innermost body closes over the indices and carries of the loops around it.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-11",
    CORE,
    "jax.effects",
    "fori_loop.indices",
    draw=Enumerated(tracing.ordered_effects),
    catches=("a trial call of the body", "a trip that is run and thrown away"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_effects_happen_once_a_trip_in_order(loop: LoopSubject, case: Expression) -> None:
    """An ordered effect in the body happens once an iteration, in order, and with its index.

    An ``io_callback`` notes the index. A trip that is run and whose carry is thrown away has the
    right value, and shows here. An unordered one happens once an iteration, too, in any order.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-12",
    CORE,
    "fori_loop.reduction",
    "recurrence.python_loop",
    "while_and_scan.single_while",
    draw=Enumerated(programs.static_programs),
    catches=("a small loop that is unrolled", "a second loop for the remainder"),
    variants=(STATIC,),
    needs=("jit", "one_while"),
)
def test_static_bounds_make_one_while(loop: LoopSubject, case: Expression) -> None:
    """With static bounds and no unroll, the program has exactly one While."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-13",
    CORE,
    "recurrence.single_while",
    draw=Enumerated(programs.static_counters),
    catches=("a cap on the trip count", "a length kept in too few bits"),
    variants=(STATIC,),
    needs=("jit", "one_while"),
)
def test_a_static_range_is_run_in_full(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, the loop in the program runs exactly the range, however long that is.

    The trip count and the index are read from the jaxpr, and nothing runs: ranges of 10**9 trips
    are judged as well. A loop of another form is neither proven nor refuted, and the rule is
    skipped.
    """
    must_run_range(case, loop.run_case(case), *expected(case))


@rule(
    "TRACE-14",
    PARITY,
    draw=Enumerated(programs.precisions),
    catches=("a precision set for the body", "a traced body kept for all settings"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_body_is_traced_under_the_callers_settings(loop: LoopSubject, case: Expression) -> None:
    """A precision that the caller asks for holds in the body; none holds that was not asked for.

    On a CPU the values do not tell, so that the program is read. The body is the same each time.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-15",
    CORE,
    "jax.threads",
    draw=Enumerated(tracing.in_threads),
    catches=("one slot for the body of the loop that is being traced", "one stack for all threads"),
    variants=(STATIC,),
    needs=("jit", "pytree"),
)
def test_threads_do_not_meet(loop: LoopSubject, case: Expression) -> None:
    """Loops may be called from several threads at once: each runs its own body on its own carry."""
    must_equal(case, expected(case), loop.run_case(case))
