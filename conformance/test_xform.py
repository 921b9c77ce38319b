"""XFORM: the loop under JAX's transformations, and among its other control flow."""

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_equal
from foricheck.comparison.outcomes import must_give
from foricheck.programs.expressions import expected
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.xform import cases, collectives, programs, shared
from foricheck.targets.loop import LoopSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK


@rule(
    "XFORM-01",
    CORE,
    "fori_loop.jit",
    "jax.compose",
    draw=Enumerated(cases.compiled),
    catches=("a bound converted to a Python int", "a compiled loop cached only by its body"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_jit_changes_nothing(loop: LoopSubject, case: LoopCase) -> None:
    """Under jit, and under nested jit, the loop gives its value with static or traced bounds.

    ``jax.jit(fori_loop, static_argnums=2)`` is a loop as well.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-02",
    CORE,
    "jax.vmap",
    draw=Enumerated(cases.mapped_carries),
    catches=("lane 0 used for all lanes", "lanes out of order"),
    variants=(STATIC,),
    needs=("jit", "vmap"),
)
def test_vmap_over_the_carry_is_a_map(loop: LoopSubject, case: LoopCase) -> None:
    """Under vmap over the carry, each lane gets the result of a call with that lane's carry."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-03",
    CORE,
    "jax.vmap",
    draw=Enumerated(cases.lanes),
    catches=("lanes that run until the longest ends", "all lanes stopped by the shortest"),
    variants=(STATIC,),
    needs=("jit", "traced", "vmap"),
)
def test_each_lane_has_its_own_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """Under vmap over lower, upper or both, each lane runs its own iterations.

    A lane that is empty or ends before the others keeps its carry while they continue.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-04",
    CORE,
    "jax.compose",
    "jax.vmap",
    draw=Enumerated(cases.everything_mapped),
    catches=("only one leaf of the carry masked", "a batch axis of the wrong vmap"),
    variants=(STATIC,),
    needs=("jit", "traced", "vmap", "pytree"),
)
def test_vmap_over_everything(loop: LoopSubject, case: LoopCase) -> None:
    """Under vmap over bounds and carry, and under nested vmap, each lane is its own loop."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-05",
    CORE,
    "jax.vmap",
    draw=Enumerated(cases.axes),
    catches=(
        "a leaf that starts to differ between lanes",
        "one lane's closed-over value used for all",
    ),
    variants=(STATIC,),
    needs=("jit", "vmap", "pytree", "closures"),
)
def test_any_axis_leaf_or_closure_may_be_mapped(loop: LoopSubject, case: LoopCase) -> None:
    """Any axis of any leaf of the carry may be mapped, and so may closed-over values.

    A leaf that all lanes share initially may differ between lanes after an iteration.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-06",
    CORE,
    "jax.compose",
    draw=Enumerated(cases.gradients),
    catches=("gradients summed over the lanes", "one lane's gradient returned for all"),
    variants=(STATIC,),
    needs=("jit", "vmap", "grad", "reverse"),
)
def test_grad_and_vmap_compose(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, vmap of grad and grad of vmap give each lane its own gradient."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-07",
    CORE,
    "jax.nesting",
    draw=Enumerated(cases.inside_and_around),
    catches=("a branch always taken", "one branch's body run in another"),
    variants=(STATIC,),
    needs=("jit", "traced", "pytree"),
)
def test_control_flow_nests(loop: LoopSubject, case: LoopCase) -> None:
    """The loop works inside cond, switch, scan, while_loop and itself, and vice versa."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-08",
    PARITY,
    draw=Enumerated(programs.on_devices),
    catches=("a sharded carry gathered on one device", "one device's bounds used on all"),
    variants=(STATIC,),
    needs=("jit", "traced", "pmap"),
)
def test_several_devices(loop: LoopSubject, case: Expression) -> None:
    """A sharded carry keeps its sharding and its value; the loop works in pmap and shard_map."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-09",
    CORE,
    "jax.export",
    draw=Enumerated(cases.exported),
    catches=("a shape used as a number", "a callback to Python"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_a_loop_can_be_exported(loop: LoopSubject, case: LoopCase) -> None:
    """A loop exported with jax.export runs any range, with a carry of fixed or symbolic size."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-10",
    CORE,
    "jax.donation",
    draw=Enumerated(cases.donated),
    catches=("a caller's array donated", "a result overwritten by the next call"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_only_donated_arrays_are_lost(loop: LoopSubject, case: LoopCase) -> None:
    """The carry may be donated to a jitted loop; arrays that are not donated remain usable."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-11",
    CORE,
    "jax.disable_jit",
    draw=Enumerated(cases.uncompiled),
    catches=("another range in a debugging code path", "array bounds not accepted as numbers"),
    variants=(STATIC,),
    needs=("jit", "disable_jit", "pytree"),
)
def test_disable_jit_changes_nothing(loop: LoopSubject, case: LoopCase) -> None:
    """Under disable_jit the same call gives the same value as under jit."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-12",
    CORE,
    "jax.random",
    draw=Enumerated(cases.random),
    catches=("a key that never changes", "a key returned as plain numbers"),
    variants=(STATIC,),
    needs=("jit", "vmap", "pytree"),
)
def test_random_numbers_are_those_of_a_python_loop(loop: LoopSubject, case: LoopCase) -> None:
    """A key in the carry, split or folded with the index, gives the same bits as a Python loop."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-13",
    CORE,
    "jax.vmap",
    draw=Enumerated(shared.many_lanes),
    catches=("lanes counted in 16 bits", "lanes after the last whole chunk dropped"),
    variants=(STATIC_JIT,),
    needs=("jit", "traced", "vmap"),
)
def test_there_may_be_many_lanes(loop: LoopSubject, case: Expression) -> None:
    """Under vmap over more than 2**16 lanes, each lane gets its own value."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-14",
    CORE,
    "jax.eval_shape",
    draw=Enumerated(cases.abstract),
    catches=("a first iteration run to find shapes", "computations on constants while tracing"),
    variants=(STATIC,),
    needs=("jit", "pytree"),
)
def test_shapes_are_found_without_running(loop: LoopSubject, case: LoopCase) -> None:
    """eval_shape and make_jaxpr give the carry's shapes and dtypes without running an iteration."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-15",
    PARITY,
    draw=Enumerated(shared.shared_leaves),
    catches=("leaves joined into one array", "a read-only leaf treated as written"),
    variants=(STATIC_JIT, TRACED),
    needs=("jit", "vmap", "pytree"),
)
def test_a_shared_leaf_stays_shared(loop: LoopSubject, case: Expression) -> None:
    """Under vmap a leaf that no lane changes stays unmapped: out_axes=None may return it."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-16",
    QUIRK,
    draw=Enumerated(programs.symbolic_bounds),
    catches=("int() of a symbolic dimension",),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_a_bound_may_be_a_symbolic_dimension(loop: LoopSubject, case: Expression) -> None:
    """In an exported program a bound may be a symbolic dimension, such as the size of the carry.

    A common call is ``fori_loop(0, x.shape[0], …)``. A quirk: no document says it, and a right loop
    that compares static bounds, to run in chunks for example, refuses a symbolic one.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-17",
    QUIRK,
    draw=Enumerated(shared.shared_beside_mapped_bounds),
    catches=("a mask applied to all leaves to end each lane separately",),
    variants=(TRACED,),
    needs=("jit", "vmap", "pytree", "traced"),
)
def test_a_shared_leaf_stays_shared_beside_mapped_bounds(
    loop: LoopSubject, case: Expression
) -> None:
    """Under vmap over the bounds, a leaf that no lane changes may be returned by out_axes=None.

    JAX refused this up to 0.5.3 (flax issue 4700). A loop that masks its carry is correct as well.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-18",
    QUIRK,
    draw=Enumerated(shared.shared_in_branches),
    catches=("an unchanged leaf that becomes a new value in the loop",),
    variants=(STATIC_JIT, TRACED),
    needs=("jit", "vmap", "pytree"),
)
def test_a_shared_leaf_stays_shared_in_a_branch(loop: LoopSubject, case: Expression) -> None:
    """Under vmap of a cond around the loop, an unchanged leaf may be returned by out_axes=None.

    JAX refused this up to 0.6.0 (flax issue 4709). It now detects that both loop and cond forward
    the leaf, which a correct loop may hide.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "XFORM-19",
    CORE,
    "jax.compose",
    draw=Covering(of_chapter("XFORM"), simpler),
    catches=("lanes with other bounds in nested maps", "the second of two loops in one program"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=280),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """Under stacks of transformations the loop is the Python loop, lane by lane.

    vmap over carry, closed-over values and bounds, scan, cond, compilation ahead of time, donation;
    two loops together or in a chain.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "XFORM-20",
    CORE,
    "jax.vmap",
    "jax.compose",
    draw=Enumerated(collectives.collectives),
    catches=("a body traced without the names of axes", "a sum over the lanes that are left"),
    variants=(STATIC, TRACED),
    needs=("jit", "vmap"),
)
def test_a_body_sees_the_named_axes(loop: LoopSubject, case: Expression) -> None:
    """Under vmap with a named axis, a body may add up, compare and number the lanes of the axis."""
    must_equal(case, expected(case), loop.run_case(case))
