"""TRACE: how often the body is traced, and the program that comes of it.

Rules about a program read what JAX traced and lowered, which is not run. All rules are judged in
one variant: their cases say how bounds are given, and whether jit is around.
"""

import re
from dataclasses import replace

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC
from foricheck.comparison.assertions import must_equal
from foricheck.comparison.outcomes import must_give
from foricheck.programs.expressions import expected
from foricheck.proofs.while_loop import must_run_exactly, must_run_range
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases import callbacks
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.trace import cases, settings
from foricheck.targets.loop import LoopSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK

_TO_THE_HOST = ("@xla.*callback", "infeed", "outfeed", "stablehlo.send", "stablehlo.recv")


@rule(
    "TRACE-01",
    CORE,
    "recurrence.long_loop",
    "recurrence.python_loop",
    "fori_loop.compiled",
    draw=Enumerated(cases.trip_counts),
    catches=("a loop unrolled in Python", "a remainder of an unrolled loop, peeled in Python"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_traces_do_not_grow_with_the_trip_count(loop: LoopSubject, case: LoopCase) -> None:
    """The number of traces of the body does not depend on the trip count.

    A loop that traces its body for every trip is unusable for large trip counts. The body counts
    its traces for 1, 3 and 2000 trips.
    """
    each = [
        loop.run_case(replace(case, bounds=replace(case.bounds, trips=(trips,))))[0].traces
        for trips in case.bounds.trips
    ]
    must_equal(case, each[:1] * len(each), each)


@rule(
    "TRACE-02",
    CORE,
    "recurrence.single_while",
    "recurrence.traced_once",
    draw=Enumerated(cases.fresh_bodies),
    catches=("a trial call to infer types", "a body that is not traced if there are no trips"),
    variants=(STATIC,),
    needs=("jit", "one_trace"),
)
def test_a_fresh_body_is_traced_once(loop: LoopSubject, case: LoopCase) -> None:
    """A new body is traced exactly once, even without trips.

    The initial carry is strongly typed: promoting a weak one takes another trace (CARRY-10).
    """
    for trips in case.bounds.trips:
        (outcome,) = loop.run_case(replace(case, bounds=replace(case.bounds, trips=(trips,))))
        must_equal(case, 1, outcome.traces)


@rule(
    "TRACE-03",
    CORE,
    "fori_loop.compiled",
    "recurrence.runtime_length",
    draw=Enumerated(cases.bounds_in_turn),
    catches=("a loop that runs in a host callback", "a scan over a padded maximum of trips"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_other_traced_bounds_do_not_retrace(loop: LoopSubject, case: LoopCase) -> None:
    """One jitted loop with traced bounds serves all their values without retracing or recompiling.

    It is called with empty, negative, long and extreme ranges in turn, and gives correct values.
    """
    got = loop.run_case(case)
    must_give(case, expected_of(case), got)
    must_equal(case, [0] * (len(got) - 1), [outcome.traces for outcome in got[1:]])


@rule(
    "TRACE-04",
    CORE,
    "while_and_scan.single_while",
    "fori_loop.loop",
    "fori_loop.reduction",
    "fori_loop.no_reverse_if_traced",
    "recurrence.single_while",
    "recurrence.traced_once",
    draw=Enumerated(cases.traced_programs),
    catches=("a loop in each branch of a conditional", "a separate loop that counts the trips"),
    variants=(STATIC,),
    needs=("jit", "traced", "one_while"),
)
def test_traced_bounds_make_one_while(loop: LoopSubject, case: LoopCase) -> None:
    """With one or both bounds traced, the program has exactly one While.

    StableHLO has no other loop construct.
    """
    (program,) = loop.programs(case)
    must_equal(case, 1, program.lower().as_text().count("stablehlo.while"))


@rule(
    "TRACE-05",
    CORE,
    "recurrence.single_while",
    draw=Enumerated(cases.counters),
    catches=("a cap on the trip count", "a counter compared for inequality", "a larger step"),
    variants=(STATIC,),
    needs=("jit", "traced", "one_while"),
)
def test_the_while_runs_exactly_the_range(loop: LoopSubject, case: LoopCase) -> None:
    """With traced bounds, the While runs from lower in steps of 1 while the index is below upper.

    This is proven from the jaxpr for every lower and upper, which other rules sample. The proof is
    over the integers: ITER-03 judges whether upper − lower wraps at its dtype. It supports every
    counter whose condition and index are affine in lower, upper and the trip. A While of another
    form is neither proven nor refuted, and the rule is skipped.
    """
    (program,) = loop.programs(case)
    must_run_exactly(case, program.jaxpr)


@rule(
    "TRACE-06",
    CORE,
    "fori_loop.reduction",
    "recurrence.long_loop",
    "recurrence.python_loop",
    "while_and_scan.single_while",
    draw=Enumerated(cases.of_any_length),
    catches=("a loop unrolled in Python", "a table of the indices in the program"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_program_does_not_grow_with_the_trip_count(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, the program is as large for 10 trips as for 10**6.

    The length of its StableHLO text, without digits, is compared; without ``one_while``, parts of a
    loop may be empty, and it must not double. With traced bounds, all ranges share one program
    (TRACE-03).
    """
    short, long = (
        len(re.sub(r"\d+", "", program.lower().as_text())) for program in loop.programs(case)
    )
    must_equal(case, short, long if _is_more(loop, short, long) else short)


@rule(
    "TRACE-07",
    CORE,
    "recurrence.final_state",
    "recurrence.scan_stacks",
    draw=Enumerated(cases.temporaries),
    catches=("a scan that stacks the carry of each trip", "an array of all indices"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_temporary_memory_does_not_grow_with_the_trip_count(
    loop: LoopSubject, case: LoopCase
) -> None:
    """With static bounds, the program needs as much temporary memory for 10 trips as for 10**6.

    A loop keeps one carry, since only the final state is returned; without ``one_while``, one for
    each of its parts. With traced bounds, all ranges share one program (TRACE-03).
    """
    short, long = (
        program.lower().compile().memory_analysis().temp_size_in_bytes
        for program in loop.programs(case)
    )
    must_equal(case, short, long if _is_more(loop, short, long, slack=2**14) else short)


def _is_more(loop: LoopSubject, short: int, long: int, *, slack: int = 0) -> bool:
    """Whether a size grows; that of a loop in several parts differs by which of them are empty."""
    parts = "one_while" not in loop.capabilities
    return long > 2 * short + slack if parts else long != short


@rule(
    "TRACE-08",
    CORE,
    "while_and_scan.single_while",
    "fori_loop.compiled",
    draw=Enumerated(cases.without_effects),
    catches=("a loop that runs in a host callback", "progress reported to the host"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_host_is_not_called(loop: LoopSubject, case: LoopCase) -> None:
    """The program of a loop makes no host calls if the body makes none.

    It has no callback, infeed or outfeed: the While runs on the device of its data.
    """
    (program,) = loop.programs(case)
    text = program.lower().as_text()
    must_equal(case, [0] * len(_TO_THE_HOST), [len(re.findall(way, text)) for way in _TO_THE_HOST])


@rule(
    "TRACE-09",
    CORE,
    "recurrence.closure",
    "recurrence.constant",
    "fori_loop.body_fun",
    draw=Enumerated(cases.closures),
    catches=("closed-over values passed in another order", "a value baked into the program"),
    variants=(STATIC,),
    needs=("jit", "closures"),
)
def test_the_body_may_close_over_traced_values(loop: LoopSubject, case: LoopCase) -> None:
    """The body may close over several traced values, directly or through other functions.

    These are arrays, a bound and the initial carry. Two bodies with the same code may close over
    different arrays.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "TRACE-10",
    CORE,
    "jax.nesting",
    "fori_loop.body_fun",
    draw=Enumerated(cases.nests),
    catches=("static and traced bounds confused in nested loops", "one slot for all loops' state"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_loops_nest_three_deep(loop: LoopSubject, case: LoopCase) -> None:
    """Loops nest three deep, with bounds that are static or indices of the outer loops.

    The innermost body closes over the indices and carries of the outer loops.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "TRACE-11",
    CORE,
    "jax.effects",
    "fori_loop.indices",
    draw=Enumerated(cases.effects),
    catches=("a trial call of the body", "a trip whose result is discarded"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_effects_happen_once_a_trip_in_order(loop: LoopSubject, case: LoopCase) -> None:
    """An ordered effect in the body happens once per iteration, in order and with its index.

    An ``io_callback`` records the index. This reveals a trip whose carry is discarded, which does
    not change the value. An unordered effect also happens once per iteration, in any order.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "TRACE-12",
    CORE,
    "fori_loop.reduction",
    "recurrence.python_loop",
    "while_and_scan.single_while",
    draw=Enumerated(cases.static_programs),
    catches=("a short loop that is unrolled", "a second loop for the remainder"),
    variants=(STATIC,),
    needs=("jit", "one_while"),
)
def test_static_bounds_make_one_while(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds and no unroll, the program has exactly one While."""
    (program,) = loop.programs(case)
    must_equal(case, 1, program.lower().as_text().count("stablehlo.while"))


@rule(
    "TRACE-13",
    CORE,
    "recurrence.single_while",
    draw=Enumerated(cases.static_counters),
    catches=("a cap on the trip count", "a length kept in too few bits"),
    variants=(STATIC,),
    needs=("jit", "one_while"),
)
def test_a_static_range_is_run_in_full(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, the loop in the program runs exactly the range, however long it is.

    The trip count and the index are read from the jaxpr without running it, for ranges of up to
    10**9 trips. A loop of another form is neither proven nor refuted, and the rule is skipped.
    """
    ((program,), bounds) = loop.programs(case), case.bounds
    must_run_range(case, program.jaxpr, bounds.lower, bounds.lower + bounds.trips[0])


@rule(
    "TRACE-14",
    PARITY,
    draw=Enumerated(settings.precisions),
    catches=("a precision set for the body", "a traced body reused under other settings"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_the_body_is_traced_under_the_callers_settings(loop: LoopSubject, case: Expression) -> None:
    """The body is traced under the caller's default matmul precision, and under no other.

    The lowered program is inspected, since values on a CPU show no difference. The same body is
    used under both settings.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-15",
    CORE,
    "jax.threads",
    draw=Enumerated(settings.in_threads),
    catches=("one slot for the body of the loop that is being traced", "one stack for all threads"),
    variants=(STATIC,),
    needs=("jit", "pytree"),
)
def test_threads_do_not_interfere(loop: LoopSubject, case: Expression) -> None:
    """Loops may run in several threads at once, each with its own body and carry."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "TRACE-16",
    CORE,
    "fori_loop.semantics",
    draw=Covering(of_chapter("TRACE"), simpler),
    catches=("a callback without operands dropped", "a body cached by its code"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=520),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """Callbacks come once an iteration, in order, and calls do not disturb each other.

    Callbacks with and without operands, ordered or not, and prints; after other calls, of bodies
    that differ in a default or a closure, after one that raised, and in other threads.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "TRACE-17",
    QUIRK,
    "jax.effects",
    draw=Enumerated(callbacks.without_carry),
    catches=(
        "a loop without a carry taken for no loop",
        "a loop that is run again for its effects",
    ),
    variants=(STATIC,),
    needs=("jit",),
)
def test_callbacks_of_a_loop_without_a_carry(loop: LoopSubject, case: LoopCase) -> None:
    """A loop whose carry has no leaves makes its callbacks once an iteration, under jit too.

    A quirk: JAX deviates on a CPU, and a right loop built on its While deviates in its own way.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "TRACE-18",
    QUIRK,
    "jax.vmap",
    "jax.effects",
    draw=Enumerated(callbacks.of_ended_lanes),
    catches=("callbacks of lanes that have ended",),
    variants=(STATIC,),
    needs=("jit", "vmap", "traced"),
)
def test_callbacks_of_lanes_that_have_ended(loop: LoopSubject, case: LoopCase) -> None:
    """Under vmap over a bound, a lane makes the callbacks of its own iterations and no others.

    A quirk: JAX deviates, and a right loop built on its While deviates in its own way.
    """
    must_give(case, expected_of(case), loop.run_case(case))
