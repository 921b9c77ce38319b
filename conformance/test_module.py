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

CORE, PARITY = Level.CORE, Level.PARITY


def must_be_refused_by_flax(loop: LoopSubject, case: Expression, what: str) -> None:
    """The call raises the error by which Flax refuses a change from inside another trace."""
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
    catches=("closed-over weights lost", "weights baked into the program", "an off by one"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_module_computes_its_recurrence(loop: LoopSubject, case: Expression) -> None:
    """A module whose body closes over its Param's array gives state @ W + x, T times from x.

    For T static and traced, 0 and negative too.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-02",
    CORE,
    "recurrence.variable",
    "recurrence.no_mutation",
    draw=Enumerated(state.unchanged_modules),
    catches=("a closed-over array given away", "a Variable replaced by a copy"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_call_leaves_the_module_alone(loop: LoopSubject, case: Expression) -> None:
    """A call leaves the module as it was: the same Variable, its value, and nothing new."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-03",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.assignments),
    catches=("a body run in Python", "an error caught on the way", "a tracer left in the module"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_an_assignment_in_the_body_is_refused(loop: LoopSubject, case: Expression) -> None:
    """Assigning to a Param in the body is refused by Flax, and its error reaches the user.

    The body is traced, and a Variable from outside the trace cannot be assigned to inside.
    """
    must_be_refused_by_flax(loop, case, "the body assigns to a Param")


@rule(
    "MODULE-04",
    PARITY,
    "recurrence.plain_arrays",
    "recurrence.variable",
    "recurrence.constant",
    draw=Enumerated(modules.closures),
    catches=("bodies that may close over arrays only", "a bound method taken for a function of 3"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_body_may_close_over_the_variable(loop: LoopSubject, case: Expression) -> None:
    """A body that reads the Variable, of its own or through the module, gives the same value.

    Plucking the array before the loop is advice, and not needed for the value. The body may be a
    method of the module.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-05",
    CORE,
    "nnx.functional",
    draw=Enumerated(modules.functional),
    catches=("weights of the first call kept", "a body that may not close over a state"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_split_and_merge_go_around_and_inside(loop: LoopSubject, case: Expression) -> None:
    """nnx.split and nnx.merge may stand around the loop, with other states, and in its body."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-06",
    CORE,
    "recurrence.runtime_length",
    "nnx.functional",
    draw=Enumerated(modules.compiled),
    catches=("a trip count that must be a Python int", "a longest loop fixed beforehand"),
    variants=(STATIC,),
    needs=("jit", "traced"),
)
def test_one_compiled_method_serves_every_length(loop: LoopSubject, case: Expression) -> None:
    """Under nnx.jit, T may be traced: the method is traced once for all T, with the right values.

    The values of T are static outside and traced inside nnx.jit.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-07",
    CORE,
    "fori_loop.reverse_if_static",
    "nnx.functional",
    draw=Enumerated(modules.differentiated),
    catches=("closed-over values taken for constants", "the share of one iteration forgotten"),
    variants=(STATIC, STATIC_JIT),
    needs=("jit", "grad", "reverse"),
)
def test_params_have_gradients(loop: LoopSubject, case: Expression) -> None:
    """With a static T, nnx.value_and_grad gives the value and the gradient of every Param.

    Each iteration has its share in the gradient; with no trips it is zero.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-08",
    CORE,
    "recurrence.closure",
    draw=Enumerated(modules.composed),
    catches=("Params of two modules confused by name", "weights of another module"),
    variants=(STATIC, TRACED),
    needs=("jit",),
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
    catches=("a static T handled by other code", "a longest loop fixed beforehand"),
    variants=(STATIC_JIT,),
    needs=("jit", "traced"),
)
def test_static_and_traced_lengths_agree(loop: LoopSubject, case: Expression) -> None:
    """A module gives the same value for a static T and a traced T.

    No oracle is asked: the target is compared with itself.
    """
    static, traced = loop.run_case(case)
    must_equal(case, static, traced)


@rule(
    "MODULE-10",
    PARITY,
    draw=Enumerated(modules.with_warnings_as_errors),
    catches=("Variable.value read on the way", "a deprecated call on the way"),
    variants=(STATIC, TRACED),
    needs=("jit",),
)
def test_a_call_warns_of_nothing(loop: LoopSubject, case: Expression) -> None:
    """A call of a module raises no warning."""
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
    """The Params of a module may be the carry, as in training, and come back in their structure."""
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
    """Advancing a counter of the module in the body is refused by Flax.

    It is a Variable. Run once when the body is traced, it would count one for all iterations.
    """
    must_be_refused_by_flax(loop, case, "the body advances a counter")


@rule(
    "MODULE-13",
    CORE,
    "nnx.trace_level",
    "recurrence.no_mutation",
    draw=Enumerated(state.assignments_refused),
    catches=("a dry run of the body", "a tracer left in the module"),
    variants=(STATIC, TRACED),
    needs=("jit", "refuse"),
)
def test_a_refused_assignment_leaves_the_module_alone(loop: LoopSubject, case: Expression) -> None:
    """After a refused assignment the module is as it was: nothing is half done."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "MODULE-14",
    CORE,
    "jax.shared_parameters",
    "recurrence.closure",
    draw=Enumerated(modules.tied),
    catches=("a shared array differentiated for one of its uses",),
    variants=(STATIC, STATIC_JIT),
    needs=("jit", "grad", "reverse"),
)
def test_gradients_of_a_shared_param_add_up(loop: LoopSubject, case: Expression) -> None:
    """The gradient of a Param that two layers share is the sum of those of two equal Params.

    No oracle is asked: the target is compared with itself.
    """
    shared, added = loop.run_case(case)
    must_equal(case, added, shared)


@rule(
    "MODULE-15",
    CORE,
    "recurrence.closure",
    draw=Enumerated(state.updated),
    catches=("weights kept with the body's code", "weights kept by the module's identity"),
    variants=(STATIC,),
    needs=("jit",),
)
def test_a_call_takes_the_param_of_that_time(loop: LoopSubject, case: Expression) -> None:
    """Once a Param has another value, the next call takes it, as after a step of training."""
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
    """Giving the module another Param or attribute in the body is refused by Flax.

    Flax 0.10.1 to 0.10.4 kept silent, and left a tracer in the module.
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
    """Drawing from a random stream of the module in the body is refused by Flax.

    Its count is a Variable. Run once when the body is traced, it would give every iteration the
    same key, as Flax 0.10.1 to 0.10.4 did (flax issue 4527).
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
    """Giving the module another state by nnx.update in the body is refused by Flax.

    Flax 0.12.0, and earlier ones, kept silent, and left a tracer in the module.
    """
    must_be_refused_by_flax(loop, case, "the body updates its module")
