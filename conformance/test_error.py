"""ERROR: what is refused, with which message, and that a refused call has no side effects."""

from foricheck.cases.loop import Expression
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import PLAIN, STATIC, STATIC_DISABLED, STATIC_JIT, TRACED
from foricheck.comparison.assertions import must_be_refused, must_equal, must_pass_or_refuse
from foricheck.comparison.outcomes import must_give
from foricheck.programs.expressions import expected
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.error import arguments, errors
from foricheck.strategies.grad import cases as derivatives
from foricheck.strategies.unroll import factors
from foricheck.targets.loop import LoopSubject

CORE, PARITY, QUIRK = Level.CORE, Level.PARITY, Level.QUIRK


@rule(
    "ERROR-01",
    PARITY,
    draw=Enumerated(arguments.not_callable),
    catches=("a body that is checked only when it runs",),
    needs=("refuse",),
)
def test_a_body_that_is_not_callable_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A body that is not callable is refused with a TypeError that says so, even without trips."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a body that is not callable",
        errors=(TypeError,),
        naming=("callable",),
    )


@rule(
    "ERROR-02",
    CORE,
    "fori_loop.semantics",
    "fori_loop.body_fun",
    draw=Enumerated(errors.bodies_that_raise),
    catches=(
        "an error wrapped in another",
        "an error swallowed",
        "a StopIteration that ends the loop",
    ),
    variants=(TRACED, STATIC, STATIC_DISABLED, PLAIN),
)
def test_an_error_of_the_body_reaches_the_caller(loop: LoopSubject, case: Expression) -> None:
    """An exception that the body raises reaches the caller as the same object.

    This holds for every type, including errors that a loop might catch itself, and for a
    BaseException that is not an Exception.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-03",
    PARITY,
    draw=Enumerated(errors.changed_leaves),
    catches=("a message that only says that something changed",),
    needs=("refuse", "pytree"),
)
def test_the_error_names_a_changed_leaf(loop: LoopSubject, case: Expression) -> None:
    """The error for a leaf that changes names the leaf and both dtypes or both shapes."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body changes a leaf",
        errors=(TypeError, ValueError),
        naming=expected(case),
    )


@rule(
    "ERROR-04",
    PARITY,
    draw=Enumerated(errors.changed_structures),
    catches=("a message that only says that something changed", "a forgotten return"),
    needs=("refuse", "pytree"),
)
def test_the_error_describes_a_changed_structure(loop: LoopSubject, case: Expression) -> None:
    """The error for a container that changes mentions the structure and what differs.

    The difference is the type of the container, its length or keys, or None if the body has no
    return statement.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body changes a container",
        errors=(TypeError, ValueError),
        naming=expected(case),
    )


@rule(
    "ERROR-05",
    CORE,
    "fori_loop.returned",
    draw=Enumerated(errors.after_failed_calls),
    catches=("state left over from an error", "a carry written before the check"),
    needs=("pytree",),
)
def test_a_failed_call_has_no_side_effects(loop: LoopSubject, case: Expression) -> None:
    """After a failed call, the caller's carry is unchanged, and the corrected call works.

    The call fails because the body raises, at its first call or later, or because an argument is
    refused.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-06",
    PARITY,
    "fori_loop.compiled",
    draw=Enumerated(errors.concrete_uses),
    catches=("an index that is a Python int", "a loop run in Python when tracing fails"),
    variants=(TRACED, STATIC),
    needs=("traced", "jit"),
)
def test_index_and_carry_are_traced(loop: LoopSubject, case: Expression) -> None:
    """A body that needs the value of the index or the carry is refused with JAX's TypeError.

    This holds for static bounds too: the body is compiled, so no Python branch may depend on them.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body needs the value of a traced array",
        errors=(TypeError,),
        naming=("traced array",),
    )


@rule(
    "ERROR-07",
    PARITY,
    draw=Enumerated(errors.non_array_leaves),
    catches=("a leaf passed through unchecked", "text accepted as a carry"),
    variants=(TRACED, STATIC),
    needs=("refuse", "jit"),
)
def test_a_leaf_that_is_no_array_is_refused(loop: LoopSubject, case: Expression) -> None:
    """An initial carry with a leaf that is not an array is refused with a TypeError."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a leaf that is no array",
        errors=(TypeError,),
    )


@rule(
    "ERROR-08",
    PARITY,
    draw=Enumerated(arguments.arities),
    catches=("a body that is not checked when there are no trips",),
    needs=("refuse",),
)
def test_a_body_of_another_arity_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A body that does not accept an index and a carry is refused with a TypeError.

    This holds even without trips.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a body of another arity",
        errors=(TypeError,),
    )


@rule(
    "ERROR-09",
    PARITY,
    draw=Enumerated(arguments.non_integer_bounds),
    catches=("a bound converted by int()", "None treated as 0", "a float bound truncated"),
    variants=(STATIC, PLAIN),
    needs=("refuse",),
)
def test_a_bound_that_is_no_number_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A bound that is None, text or a container, or a float next to an int, is refused.

    The error is a TypeError or a ValueError.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a bound that is no integer",
        errors=(TypeError, ValueError),
    )


@rule(
    "ERROR-10",
    PARITY,
    draw=Enumerated(arguments.too_large),
    catches=("a bound that wraps silently",),
    variants=(STATIC, STATIC_JIT),
    needs=("refuse", "jit"),
)
def test_a_bound_beyond_the_index_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A Python int outside the index's dtype is refused as lower with an OverflowError.

    It must not wrap: 2**31 does not fit int32, and 2**63 does not fit int64.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="a bound beyond the dtype of the index",
        errors=(OverflowError,),
    )


@rule(
    "ERROR-11",
    CORE,
    "fori_loop.signature",
    "fori_loop.increments",
    draw=Enumerated(arguments.wrong_arguments),
    catches=("a fifth argument used as a step", "unknown keywords ignored"),
    variants=(STATIC, PLAIN),
    needs=("refuse",),
)
def test_wrong_arguments_are_refused(loop: LoopSubject, case: Expression) -> None:
    """A missing, surplus, unknown or repeated argument is refused."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="arguments that do not fit the signature",
    )


@rule(
    "ERROR-12",
    CORE,
    "fori_loop.signature",
    draw=Enumerated(arguments.argument_names),
    catches=("parameters with other names", "positional-only parameters"),
    variants=(STATIC, PLAIN),
)
def test_arguments_may_be_given_by_name(loop: LoopSubject, case: Expression) -> None:
    """The arguments may be passed by name: lower, upper, body_fun and init_val, in any order."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-13",
    PARITY,
    draw=Enumerated(errors.non_array_results),
    catches=("a result passed through unchecked",),
    variants=(TRACED, STATIC, PLAIN),
    needs=("refuse", "pytree"),
)
def test_a_result_that_is_no_array_is_refused(loop: LoopSubject, case: Expression) -> None:
    """A body that returns text or an object as a leaf is refused with a TypeError."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body returns what is no array",
        errors=(TypeError,),
    )


@rule(
    "ERROR-14",
    QUIRK,
    draw=Enumerated(arguments.static_floats),
    catches=("float bounds refused or rounded",),
    variants=(STATIC,),
    needs=("jit",),
)
def test_static_floats_are_truncated(loop: LoopSubject, case: Expression) -> None:
    """Two static float bounds are truncated, as by int()."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-15",
    QUIRK,
    draw=Enumerated(errors.changed_places),
    catches=("a message that does not locate the change",),
    needs=("refuse", "pytree"),
)
def test_the_error_locates_a_changed_structure(loop: LoopSubject, case: Expression) -> None:
    """The error for a nested container that changes says where it is."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body changes a container",
        errors=(TypeError, ValueError),
        naming=expected(case),
    )


@rule(
    "ERROR-16",
    PARITY,
    draw=Enumerated(derivatives.reverse_traced),
    catches=("a reverse-mode error that does not give the reason",),
    variants=(STATIC,),
    needs=("grad", "jit", "traced", "refuse"),
)
def test_the_error_about_reverse_mode_says_so(loop: LoopSubject, case: LoopCase) -> None:
    """The error for reverse mode with traced bounds is a ValueError that says reverse-mode.

    A loop that supports reverse mode here need not raise: see GRAD-08.
    """
    must_pass_or_refuse(
        case,
        lambda: loop.call_case(case),
        lambda got: must_give(case, expected_of(case), got),
        "or the derivative",
        (ValueError,),
        naming=("reverse-mode",),
    )


@rule(
    "ERROR-17",
    PARITY,
    draw=Enumerated(factors.refused_beside_traced_bounds),
    catches=("an error that does not say which argument is wrong", "another type of error"),
    variants=(STATIC,),
    needs=("jit", "traced", "unroll", "refuse"),
)
def test_the_error_about_unroll_names_it(loop: LoopSubject, case: LoopCase) -> None:
    """The error for a factor with a traced bound is a ValueError that names unroll.

    This includes the factors 0 and −1, which no document mentions.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="unroll, where a bound is traced",
        errors=(ValueError,),
        naming=("unroll",),
    )


@rule(
    "ERROR-18",
    CORE,
    "fori_loop.body_fun",
    draw=Enumerated(errors.callable_types),
    catches=("a body whose parameters are counted", "a body required to have a name or code"),
    variants=(TRACED, STATIC_JIT, PLAIN),
)
def test_a_body_may_be_any_callable(loop: LoopSubject, case: Expression) -> None:
    """The body may be any callable that accepts an index and a carry.

    Examples are a partial function, an object, a method, a function of the array library and a
    builtin.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-19",
    CORE,
    "fori_loop.returned",
    draw=Enumerated(errors.side_effects),
    catches=(
        "output left over from debugging",
        "global random numbers seeded",
        "a setting changed",
    ),
    variants=(STATIC, PLAIN),
)
def test_a_call_changes_nothing_else(loop: LoopSubject, case: Expression) -> None:
    """A call prints nothing and does not change global random states or JAX's settings."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "ERROR-20",
    PARITY,
    draw=Enumerated(errors.refused_after_accepted),
    catches=("a check whose outcome is remembered under a key that other types are equal to",),
    needs=("pytree",),
)
def test_a_call_is_refused_after_an_equal_one_was_accepted(
    loop: LoopSubject, case: Expression
) -> None:
    """Arguments are refused, even if the call before had arguments that are equal and legal.

    3 and 3.0 are equal, and hash alike; so do an int8 and an int16 of one value.
    """
    must_be_refused(case, lambda: loop.call_case(case), what="arguments of other types")
