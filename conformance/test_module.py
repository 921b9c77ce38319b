"""MODULE: a loop inside a Flax NNX module, around the module's Params."""

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_be_refused, must_equal
from foricheck.programs.expressions import expected
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.module import modules, state
from foricheck.targets.loop import LoopSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK


def must_be_refused_by_flax(loop: LoopSubject, case: Expression, what: str) -> None:
    """The call raises the error that Flax raises for a change from inside another trace."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what=what,
        errors=state.trace_errors(),
        naming=("trace level",),
    )


@rule(
    "MODULE-01",
    CORE,
    "recurrence.plain_arrays",
    "recurrence.call",
    "recurrence.closure",
    "recurrence.constant",
    draw=Enumerated(modules.calls),
    catches=("closed-over weights lost", "weights baked into the program", "an off-by-one error"),
    variants=(STATIC, TRACED),
    needs=("jit", "closures"),
)
def test_a_module_computes_its_recurrence(loop: LoopSubject, case: Expression) -> None:
    """A module whose body closes over its Param's array applies state @ W + x, T times from x.

    T is static or traced, and may be 0 or negative.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-02",
    CORE,
    "recurrence.variable",
    "recurrence.no_mutation",
    draw=Enumerated(state.unchanged_modules),
    catches=("a closed-over array donated", "a Variable replaced by a copy"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_call_leaves_the_module_alone(loop: LoopSubject, case: Expression) -> None:
    """A call does not change the module: same Variable, same value, no new attribute."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-03",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.assignments),
    catches=("a body run in Python", "an error caught by the loop", "a tracer left in the module"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_an_assignment_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Flax refuses an assignment to a Param in the body, and its error reaches the caller.

    The body is traced, and a Variable from outside a trace cannot be assigned inside it.
    """
    must_be_refused_by_flax(loop, case, "the body assigns to a Param")


@rule(
    "MODULE-04",
    PARITY,
    "recurrence.plain_arrays",
    "recurrence.variable",
    "recurrence.constant",
    draw=Enumerated(modules.closures),
    catches=("only arrays supported as closures", "a bound method treated as ternary"),
    variants=(STATIC, TRACED),
    needs=("jit", "closures"),
)
def test_a_body_may_close_over_the_variable(loop: LoopSubject, case: Expression) -> None:
    """A body that reads the Variable, directly or through the module, gives the same value.

    Reading the array before the loop is recommended but does not affect the value. The body may be
    a method of the module.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-05",
    CORE,
    "nnx.functional",
    draw=Enumerated(modules.functional),
    catches=("weights of the first call kept", "a state not supported as a closure"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_split_and_merge_go_around_and_inside(loop: LoopSubject, case: Expression) -> None:
    """nnx.split and nnx.merge may be used around the loop, with other states, and in its body."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-06",
    CORE,
    "recurrence.runtime_length",
    "nnx.functional",
    draw=Enumerated(modules.compiled),
    catches=("a trip count that must be a Python int", "a fixed maximum trip count"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_one_compiled_method_serves_every_length(loop: LoopSubject, case: Expression) -> None:
    """Under nnx.jit, T may be traced: one trace of the method serves all T, with correct values.

    T is static outside and traced inside nnx.jit.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-07",
    CORE,
    "fori_loop.reverse_if_static",
    "nnx.functional",
    draw=Enumerated(modules.differentiated),
    catches=("closed-over values treated as constants", "the contribution of an iteration lost"),
    variants=(STATIC, STATIC_JIT),
    needs=("jit", "grad", "reverse"),
)
def test_params_have_gradients(loop: LoopSubject, case: Expression) -> None:
    """With a static T, nnx.value_and_grad gives the value and the gradient of every Param.

    Each iteration contributes to the gradient; without trips it is zero.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-08",
    CORE,
    "recurrence.closure",
    draw=Enumerated(modules.composed),
    catches=("Params of two modules confused by name", "weights of another module used"),
    variants=(STATIC, TRACED),
    needs=("jit", "closures"),
)
def test_modules_compose(loop: LoopSubject, case: Expression) -> None:
    """Two modules may share a loop or a Param, and one module may have two loops."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-09",
    CORE,
    "fori_loop.static",
    "recurrence.runtime_length",
    draw=Enumerated(modules.static_and_traced),
    catches=("a static T handled by different code", "a fixed maximum trip count"),
    variants=(STATIC_JIT,),
    needs=("jit", "traced"),
)
def test_static_and_traced_lengths_agree(loop: LoopSubject, case: Expression) -> None:
    """A module gives the same value for a static T and a traced T.

    The target is compared with itself, without the oracle.
    """
    static, traced = loop.run_case(case)
    must_equal(case, static, traced)


@rule(
    "MODULE-10",
    PARITY,
    draw=Enumerated(modules.with_warnings_as_errors),
    catches=("a use of the deprecated Variable.value", "a deprecated call"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_call_warns_of_nothing(loop: LoopSubject, case: Expression) -> None:
    """A call of a module emits no warning."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-11",
    CORE,
    "fori_loop.carry_type",
    draw=Enumerated(modules.trained),
    catches=("a nested state that comes back flat", "a gradient that cannot be taken in a body"),
    variants=(STATIC, TRACED),
    needs=("jit", "pytree"),
)
def test_params_may_be_the_carry(loop: LoopSubject, case: Expression) -> None:
    """The Params of a module may be the carry, as in training, and keep their structure."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-12",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.advances),
    catches=("a count of one for T iterations",),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_a_counter_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Flax refuses a body that advances a counter of the module.

    The counter is a Variable. The traced body runs once, so it would count one for all iterations.
    """
    must_be_refused_by_flax(loop, case, "the body advances a counter")


@rule(
    "MODULE-13",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.assignments_refused),
    catches=("a trial run of the body", "a tracer left in the module"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_a_refused_assignment_leaves_the_module_alone(loop: LoopSubject, case: Expression) -> None:
    """A refused assignment does not change the module."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-14",
    CORE,
    "jax.shared_parameters",
    "recurrence.closure",
    draw=Enumerated(modules.tied),
    catches=("a shared array differentiated for only one of its uses",),
    variants=(STATIC, STATIC_JIT),
    needs=("jit", "grad", "reverse", "closures"),
)
def test_gradients_of_a_shared_param_add_up(loop: LoopSubject, case: Expression) -> None:
    """The gradient of a Param that two layers share is the sum of those of two equal Params.

    The target is compared with itself, without the oracle.
    """
    shared, added = loop.run_case(case)
    must_equal(case, added, shared)


@rule(
    "MODULE-15",
    CORE,
    "recurrence.closure",
    draw=Enumerated(state.updated),
    catches=("weights cached by the body's code", "weights cached by the module's identity"),
    variants=(STATIC,),
    needs=("jit", "closures"),
)
def test_a_call_takes_the_param_of_that_time(loop: LoopSubject, case: Expression) -> None:
    """After an assignment to a Param, as in training, the next call uses the new value."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-16",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.replacements),
    catches=("a tracer left in the module", "a body run in Python"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_a_replacement_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Flax refuses a body that sets a Param or another attribute of the module.

    Flax 0.10.1 to 0.10.4 raised no error and left a tracer in the module.
    """
    must_be_refused_by_flax(loop, case, "the body sets an attribute of its module")


@rule(
    "MODULE-17",
    CORE,
    "nnx.trace_level",
    draw=Enumerated(state.draws),
    catches=("one random key for all iterations",),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_a_random_stream_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Flax refuses a body that draws from a random stream of the module.

    The stream's count is a Variable. The traced body runs once, so every iteration would get the
    same key, as in Flax 0.10.1 to 0.10.4 (flax issue 4527).
    """
    must_be_refused_by_flax(loop, case, "the body draws from a stream")


@rule(
    "MODULE-18",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.updates),
    catches=("a tracer left in the module", "a body run in Python"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_an_update_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Flax refuses a body that updates the module by nnx.update.

    Flax 0.12.0 and earlier raised no error and left a tracer in the module.
    """
    must_be_refused_by_flax(loop, case, "the body updates its module")


@rule(
    "MODULE-19",
    QUIRK,
    draw=Enumerated(modules.carried),
    catches=("modules of one class taken for one",),
    variants=(STATIC, TRACED),
    needs=("jit", "pytree"),
)
def test_modules_may_be_the_carry(loop: LoopSubject, case: Expression) -> None:
    """Modules may be carried, since they are pytrees: the body gets them and changes them.

    A loop that reads the carry again after it has called the body finds it changed.
    """
    must_equal(case, expected(case), loop.run_case(case))
