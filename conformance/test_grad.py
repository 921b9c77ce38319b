"""GRAD: derivatives, in reverse mode where the bounds are static, in forward mode always."""

from dataclasses import replace

from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC
from foricheck.comparison.assertions import must_pass_or_refuse
from foricheck.comparison.outcomes import must_give
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.grad import cases
from foricheck.targets.loop import LoopSubject

CORE, PARITY = Level.CORE, Level.PARITY


NEEDS = ("grad", "jit")
FORWARD = (*NEEDS, "forward")
REVERSE = (*NEEDS, "reverse")


def must_agree(loop: LoopSubject, case: LoopCase) -> None:
    """Value and derivatives are the oracle's, bit for bit but for the signs of zeros."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "GRAD-01",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Enumerated(cases.to_carry),
    catches=("a carry cut off from the result", "a gradient through the last few trips only"),
    variants=(STATIC,),
    needs=(*REVERSE, "pytree"),
)
def test_reverse_mode_to_the_carry(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, reverse mode gives the derivative with respect to the initial carry.

    This is the gradient of a scalar result, or otherwise a vector-Jacobian product.
    """
    must_agree(loop, case)


@rule(
    "GRAD-02",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Enumerated(cases.to_closed_over),
    catches=("closed-over values treated as constants", "the last trip's contribution only"),
    variants=(STATIC,),
    needs=(*REVERSE, "closures"),
)
def test_reverse_mode_to_closed_over_values(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, reverse mode differentiates with respect to all closed-over values."""
    must_agree(loop, case)


@rule(
    "GRAD-03",
    CORE,
    "fori_loop.reverse_if_static",
    "fori_loop.no_iterations",
    draw=Enumerated(cases.without_trips),
    catches=(
        "a gradient of zeros when there are no trips",
        "a derivative of a trip that never ran",
    ),
    variants=(STATIC,),
    needs=REVERSE,
)
def test_without_trips_the_carry_is_passed_on(loop: LoopSubject, case: LoopCase) -> None:
    """Without trips, the carry gets the cotangent unchanged, and closed-over values get zeros."""
    must_agree(loop, case)


@rule(
    "GRAD-04",
    CORE,
    "jax.modes",
    draw=Enumerated(cases.forward),
    catches=("a loop with only a reverse rule", "a tangent of the first leaf only"),
    variants=(STATIC,),
    needs=FORWARD,
)
def test_forward_mode_with_static_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With static bounds, forward mode gives the value and the derivative along a tangent."""
    must_agree(loop, case)


@rule(
    "GRAD-05",
    CORE,
    "jax.modes",
    draw=Enumerated(cases.forward_traced),
    catches=("tangents lost with traced bounds", "a tangent of a trip that never ran"),
    variants=(STATIC,),
    needs=FORWARD,
)
def test_forward_mode_with_traced_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With traced bounds, forward mode gives value and derivative for many trips, one and none."""
    must_agree(loop, case)


@rule(
    "GRAD-06",
    CORE,
    "jax.modes",
    "fori_loop.reverse_if_static",
    "jax.compose",
    draw=Enumerated(cases.second),
    catches=("a derivative that cannot be differentiated", "a second derivative of zero"),
    variants=(STATIC,),
    needs=FORWARD,
)
def test_second_order(loop: LoopSubject, case: LoopCase) -> None:
    """Derivatives can be differentiated: Hessians, and with traced bounds forward over forward."""
    must_agree(loop, case)


@rule(
    "GRAD-08",
    CORE,
    "fori_loop.no_reverse_if_traced",
    "jax.modes",
    draw=Enumerated(cases.reverse_traced),
    catches=("wrong numbers instead of an error", "derivatives that are all zero"),
    variants=(STATIC,),
    needs=(*NEEDS, "refuse"),
)
def test_reverse_mode_with_traced_bounds(loop: LoopSubject, case: LoopCase) -> None:
    """With traced bounds, reverse mode is refused with an error or gives the derivative.

    This holds for derivatives with respect to any input, and if only one bound is traced. A loop
    may support more than JAX's, but must not return a wrong number. ERROR-16 covers the message.
    """
    must_pass_or_refuse(
        case,
        lambda: loop.call_case(case),
        lambda got: must_give(case, expected_of(case), got),
        "or the derivative",
        (TypeError, ValueError, NotImplementedError),
    )


@rule(
    "GRAD-09",
    PARITY,
    draw=Enumerated(cases.by_linear_maps),
    catches=("a linear map that cannot be evaluated or transposed",),
    variants=(STATIC,),
    needs=FORWARD,
)
def test_linearize(loop: LoopSubject, case: LoopCase) -> None:
    """A loop can be linearized, and with static bounds the linear map can be transposed."""
    must_agree(loop, case)


@rule(
    "GRAD-10",
    CORE,
    "jax.checkpoint",
    draw=Enumerated(cases.under_checkpoint),
    catches=("a backward pass that relies on state of the forward pass",),
    variants=(STATIC,),
    needs=REVERSE,
)
def test_checkpoint_changes_no_derivative(loop: LoopSubject, case: LoopCase) -> None:
    """The derivative is the same with jax.checkpoint around the body or the loop."""
    must_agree(loop, case)


@rule(
    "GRAD-11",
    CORE,
    "jax.modes",
    draw=Enumerated(cases.beside_integers),
    catches=("an integer leaf that stops all derivatives", "an index ignored by the derivative"),
    variants=(STATIC,),
    needs=(*FORWARD, "pytree"),
)
def test_integers_have_no_derivative(loop: LoopSubject, case: LoopCase) -> None:
    """Integer leaves and the index have no derivative and do not affect those of float leaves.

    A leaf that the result does not depend on gets zeros.
    """
    must_agree(loop, case)


@rule(
    "GRAD-12",
    CORE,
    "fori_loop.reverse_if_static",
    "fori_loop.unroll",
    draw=Enumerated(cases.unrolled),
    catches=("a remainder that has no derivative", "a derivative that needs jit"),
    variants=(STATIC,),
    needs=(*REVERSE, "unroll"),
)
def test_unroll_changes_no_derivative(loop: LoopSubject, case: LoopCase) -> None:
    """The derivative is the same for unroll None, 2, 5 and True, with and without jit."""
    must_agree(loop, case)


@rule(
    "GRAD-13",
    PARITY,
    draw=Enumerated(cases.custom),
    catches=("custom rules replaced by the derivative of the function they wrap",),
    variants=(STATIC,),
    needs=FORWARD,
)
def test_custom_rules_in_the_body_are_used(loop: LoopSubject, case: LoopCase) -> None:
    """custom_vjp, custom_jvp and stop_gradient in the body are applied once per iteration."""
    must_agree(loop, case)


@rule(
    "GRAD-14",
    PARITY,
    draw=Enumerated(cases.after_effects),
    catches=("callbacks dropped when the loop is differentiated",),
    variants=(STATIC,),
    needs=REVERSE,
)
def test_effects_are_kept(loop: LoopSubject, case: LoopCase) -> None:
    """Differentiating a loop calls an ordered callback for each index in order, before any repeat.

    A target that recomputes iterations in the backward pass may call it again. JAX itself makes
    only one call of a callback that does not depend on the iteration (jax #16637).
    """
    expected = expected_of(case)
    got = [
        replace(one, events=one.events[: len(wanted.events)])
        for wanted, one in zip(expected, loop.run_case(case), strict=True)
    ]
    must_give(case, expected, got)


@rule(
    "GRAD-16",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Covering(of_chapter("GRAD"), simpler),
    catches=("a gradient of the last loop alone", "a tangent in another precision"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=320),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """Derivatives of the loop, in both modes and of second order, are those of the Python loop.

    With respect to the carry and to closed-over values, over lanes, under checkpoint and of two
    loops together; exact, since bodies are.
    """
    must_give(case, expected_of(case), loop.run_case(case))
