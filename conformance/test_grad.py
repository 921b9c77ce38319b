"""GRAD: derivatives, in reverse mode where the bounds are static, in forward mode always."""

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC, STATIC_DISABLED, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_equal, must_equal_or_refuse
from foricheck.comparison.outcomes import must_give
from foricheck.oracle.derivatives import unsigned_zeros
from foricheck.programs.expressions import expected
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Drawn, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.grad import derivatives, interplay, polynomials
from foricheck.targets.loop import LoopSubject

CORE, PARITY = Level.CORE, Level.PARITY


NEEDS = ("grad", "jit")
FORWARD = (*NEEDS, "forward")
REVERSE = (*NEEDS, "reverse")


def must_agree(loop: LoopSubject, case: Expression) -> None:
    """The target's derivatives equal the oracle's bit for bit, except for signs of zeros."""
    got = loop.run_case(case)
    must_equal(case, unsigned_zeros(expected(case)), unsigned_zeros(got))


@rule(
    "GRAD-01",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Enumerated(derivatives.with_respect_to_carry),
    catches=("a carry cut off from the result", "a gradient through the last few trips only"),
    variants=(STATIC_JIT,),
    needs=(*REVERSE, "pytree"),
)
def test_reverse_mode_to_the_carry(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, reverse mode gives the derivative with respect to the initial carry.

    This is the gradient of a scalar result, or otherwise a vector-Jacobian product.
    """
    must_agree(loop, case)


@rule(
    "GRAD-02",
    CORE,
    "fori_loop.reverse_if_static",
    draw=Enumerated(derivatives.with_respect_to_closed_over),
    catches=("closed-over values treated as constants", "the last trip's contribution only"),
    variants=(STATIC_JIT,),
    needs=(*REVERSE, "closures"),
)
def test_reverse_mode_to_closed_over_values(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, reverse mode differentiates with respect to all closed-over values."""
    must_agree(loop, case)


@rule(
    "GRAD-03",
    CORE,
    "fori_loop.reverse_if_static",
    "fori_loop.no_iterations",
    draw=Enumerated(derivatives.without_trips),
    catches=(
        "a gradient of zeros when there are no trips",
        "a derivative of a trip that never ran",
    ),
    variants=(STATIC, STATIC_JIT, STATIC_DISABLED),
    needs=REVERSE,
)
def test_without_trips_the_carry_is_passed_on(loop: LoopSubject, case: Expression) -> None:
    """Without trips, the carry gets the cotangent unchanged, and closed-over values get zeros."""
    must_agree(loop, case)


@rule(
    "GRAD-04",
    CORE,
    "jax.modes",
    draw=Enumerated(derivatives.forward),
    catches=("a loop with only a reverse rule", "a tangent of the first leaf only"),
    variants=(STATIC_JIT,),
    needs=FORWARD,
)
def test_forward_mode_with_static_bounds(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, forward mode gives the value and the derivative along a tangent."""
    must_agree(loop, case)


@rule(
    "GRAD-05",
    CORE,
    "jax.modes",
    draw=Enumerated(derivatives.forward),
    catches=("tangents lost with traced bounds", "a tangent of a trip that never ran"),
    variants=(TRACED,),
    needs=FORWARD,
)
def test_forward_mode_with_traced_bounds(loop: LoopSubject, case: Expression) -> None:
    """With traced bounds, forward mode gives value and derivative for many trips, one and none."""
    must_agree(loop, case)


@rule(
    "GRAD-06",
    CORE,
    "jax.modes",
    "fori_loop.reverse_if_static",
    "jax.compose",
    draw=Enumerated(derivatives.second),
    catches=("a derivative that cannot be differentiated", "a second derivative of zero"),
    variants=(STATIC_JIT, TRACED),
    needs=FORWARD,
)
def test_second_order(loop: LoopSubject, case: Expression) -> None:
    """Derivatives can be differentiated: Hessians, and with traced bounds forward over forward."""
    must_agree(loop, case)


@rule(
    "GRAD-07",
    CORE,
    "jax.modes",
    "fori_loop.reverse_if_static",
    draw=Drawn(polynomials.quadratics),
    catches=("the derivative of a loop other than the one that runs",),
    variants=(STATIC_JIT, TRACED),
    needs=NEEDS,
    budget=Budget(single=4),
)
def test_derivatives_are_the_slopes(loop: LoopSubject, case: Expression) -> None:
    """The derivative of a result that is quadratic in the input equals its central difference.

    The difference is exact and computed from the target's own values.
    """
    derivative, difference = unsigned_zeros(loop.run_case(case))
    must_equal(case, difference, derivative)


@rule(
    "GRAD-08",
    CORE,
    "fori_loop.no_reverse_if_traced",
    "jax.modes",
    draw=Enumerated(derivatives.reverse_traced),
    catches=("wrong numbers instead of an error", "derivatives that are all zero"),
    variants=(TRACED,),
    needs=(*NEEDS, "refuse"),
)
def test_reverse_mode_with_traced_bounds(loop: LoopSubject, case: Expression) -> None:
    """With traced bounds, reverse mode is refused with an error or gives the derivative.

    This holds for derivatives with respect to any input, and if only one bound is traced. A loop
    may support more than JAX's, but must not return a wrong number. ERROR-16 covers the message.
    """
    must_equal_or_refuse(
        case,
        lambda: loop.call_case(case),
        expected(case),
        (TypeError, ValueError, NotImplementedError),
    )


@rule(
    "GRAD-09",
    PARITY,
    draw=Enumerated(interplay.by_linear_maps),
    catches=("a linear map that cannot be evaluated or transposed",),
    variants=(STATIC_JIT, TRACED),
    needs=FORWARD,
)
def test_linearize(loop: LoopSubject, case: Expression) -> None:
    """A loop can be linearized, and with static bounds the linear map can be transposed."""
    must_agree(loop, case)


@rule(
    "GRAD-10",
    CORE,
    "jax.checkpoint",
    draw=Enumerated(interplay.under_checkpoint),
    catches=("a backward pass that relies on state of the forward pass",),
    variants=(STATIC_JIT,),
    needs=REVERSE,
)
def test_checkpoint_changes_no_derivative(loop: LoopSubject, case: Expression) -> None:
    """The derivative is the same with jax.checkpoint around the body or the loop."""
    must_agree(loop, case)


@rule(
    "GRAD-11",
    CORE,
    "jax.modes",
    draw=Enumerated(derivatives.beside_integers),
    catches=("an integer leaf that stops all derivatives", "an index ignored by the derivative"),
    variants=(STATIC_JIT, TRACED),
    needs=(*FORWARD, "pytree"),
)
def test_integers_have_no_derivative(loop: LoopSubject, case: Expression) -> None:
    """Integer leaves and the index have no derivative and do not affect those of float leaves.

    A leaf that the result does not depend on gets zeros.
    """
    must_agree(loop, case)


@rule(
    "GRAD-12",
    CORE,
    "fori_loop.reverse_if_static",
    "fori_loop.unroll",
    draw=Enumerated(interplay.unrolled),
    catches=("a remainder that has no derivative", "a derivative that needs jit"),
    variants=(STATIC, STATIC_JIT, STATIC_DISABLED),
    needs=(*REVERSE, "unroll"),
)
def test_unroll_changes_no_derivative(loop: LoopSubject, case: Expression) -> None:
    """The derivative is the same for unroll None, 2, 5 and True, with and without jit."""
    must_agree(loop, case)


@rule(
    "GRAD-13",
    PARITY,
    draw=Enumerated(interplay.custom),
    catches=("custom rules replaced by the derivative of the function they wrap",),
    variants=(STATIC_JIT, TRACED),
    needs=FORWARD,
)
def test_custom_rules_in_the_body_are_used(loop: LoopSubject, case: Expression) -> None:
    """custom_vjp, custom_jvp and stop_gradient in the body are applied once per iteration."""
    must_agree(loop, case)


@rule(
    "GRAD-14",
    PARITY,
    draw=Enumerated(interplay.after_effects),
    catches=("callbacks dropped when the loop is differentiated",),
    variants=(STATIC,),
    needs=REVERSE,
)
def test_effects_are_kept(loop: LoopSubject, case: Expression) -> None:
    """Differentiating a loop calls an ordered callback for each index in order, before any repeat.

    A target that recomputes iterations in the backward pass may call it again. JAX itself makes
    only one call of a callback that does not depend on the iteration (jax #16637).
    """
    must_agree(loop, case)


@rule(
    "GRAD-15",
    CORE,
    "jax.modes",
    "fori_loop.reverse_if_static",
    draw=Drawn(polynomials.polynomials),
    catches=("a combination of terms that no other example has",),
    variants=(STATIC_JIT, TRACED),
    needs=(*FORWARD, "pytree"),
    budget=Budget(single=8),
)
def test_any_polynomial_body(loop: LoopSubject, case: Expression) -> None:
    """The derivatives of any polynomial body are correct in every mode that its bounds allow."""
    must_agree(loop, case)


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
