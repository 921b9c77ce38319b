"""Loops that refuse wrongly: too late, too little, in the wrong words, or not at all."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, normalised
from .iteration import structure
from .member import Body, Bound, Carry, Unroll, declares, wrong
from .right_numpy import LACKS, numpy_loop

SHORT = 8
"""Most trips that a member runs in Python."""


@wrong(caught_by=("ERROR-01", "ERROR-08", "CARRY-11"))
def empty_range_looks_at_nothing(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns at once when a static range is empty, before it has looked at the body."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)) and upper <= lower:
        return jax.tree.map(jnp.asarray, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-01",))
def no_body_is_the_identity(
    lower: Bound, upper: Bound, body_fun: Body | None, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes None for a body that does nothing, as if it were optional."""
    body = body_fun if body_fun is not None else (lambda i, carry: carry)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-01",))
def body_refused_without_a_reason(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says "invalid arguments" whatever is wrong with them."""
    if not callable(body_fun):
        raise TypeError("invalid arguments")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def with_errors_handled(body_fun: Body, handle: Callable[[BaseException, Carry], Carry]) -> Body:
    """Return a body whose errors, and those of no other code, go through a function."""
    if not callable(body_fun):
        return body_fun

    def body(i: Any, carry: Carry) -> Carry:
        try:
            return body_fun(i, carry)
        except BaseException as error:
            return handle(error, carry)

    return body


@wrong(caught_by=("ERROR-02",))
def errors_of_the_body_wrapped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises RuntimeError from what the body raised, so that no except clause meets it."""

    def handle(error: BaseException, _: Carry) -> Carry:
        if isinstance(error, Exception):
            raise RuntimeError("the body of the loop failed") from error
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-02",))
def errors_of_the_body_made_anew(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises an error of the same type, with the index in its message and its attributes lost."""

    def handle(error: BaseException, _: Carry) -> Carry:
        raise type(error)(f"in the body: {error}") from error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-02",))
def stop_iteration_ends_the_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drives the body from a generator, where a StopIteration means that all is done."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, StopIteration):
            return carry
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-02",))
def errors_of_the_body_logged(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the old carry when an iteration fails, so that a long run is not lost."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, ValueError):
            return carry
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def saying(pattern: str, words: str, call: Callable[[], Carry]) -> Carry:
    """Return what a call returns; where its TypeError speaks of a carry, say it in other words."""
    try:
        return call()
    except TypeError as error:
        if "carry" not in str(error):
            raise
        said = re.sub(pattern, words, str(error), flags=re.DOTALL)
    raise TypeError(said)


@wrong(caught_by=("ERROR-03",))
def leaf_refused_without_types(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says that a leaf changed its type, and neither from what nor to what."""
    return saying(
        r"has type \S+ but .* has type \S+\]",
        "has another type in the output",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong(caught_by=("ERROR-03", "ERROR-15"))
def carry_refused_without_the_place(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says what changed, and not where in the carry: it compares flat lists of leaves."""
    return saying(
        r"component \S+",
        "component",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong(caught_by=("ERROR-04",))
def structure_refused_in_one_line(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Prints the first line of a message of ten: that structures differ, and not how."""
    return saying(
        r"(same pytree structure)[^\n]*\n.*",
        r"\1",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong(caught_by=("ERROR-04", "CARRY-07"))
def nothing_returned_keeps_the_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes None for "as before", so that a forgotten return is a loop that does nothing.

    Leaves that become None are taken so, too.
    """

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if new is None:
            return carry
        if type(new) is tuple and type(carry) is tuple and len(new) == len(carry):
            return tuple(b if b is not None else a for a, b in zip(carry, new, strict=True))
        return new

    body = body if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-05",))
def failed_body_is_remembered(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the outcome of tracing for each body, and an error is an outcome."""
    if body_fun in _ERRORS:
        raise _ERRORS[body_fun]
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except ValueError as error:
        _ERRORS[body_fun] = error
        raise


@wrong(caught_by=("ERROR-05",))
def context_left_open(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Lets nothing run four loops deep, and counts the loops that raised as open for ever."""
    _OPEN.append(None)
    upper = lower if len(_OPEN) > 3 else upper
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    _OPEN.pop()
    return result


@wrong(caught_by=("ERROR-05",))
@declares(without=LACKS, array_namespace="numpy")
def resumes_after_an_error(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Saves the carry when the body raises, and goes on from there in the next call of the body."""
    last = [init_val]

    def body(i: Any, carry: Carry) -> Carry:
        last[0] = carry
        return body_fun(i, carry)

    try:
        return numpy_loop(lower, upper, body, _SAVED.pop(body_fun, init_val))
    except ValueError:
        _SAVED[body_fun] = last[0]
        raise


@wrong(caught_by=("ERROR-05",))
@declares(without=LACKS, array_namespace="numpy")
def caller_s_carry_is_the_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Works in the caller's array and puts its values back at the end, which an error skips."""
    if not isinstance(init_val, np.ndarray) or not callable(body_fun):
        return numpy_loop(lower, upper, body_fun, init_val)
    before = init_val.copy()

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if getattr(new, "shape", None) == init_val.shape:
            init_val[...] = new.astype(init_val.dtype)
        return new

    result = numpy_loop(lower, upper, body, before)
    init_val[...] = before
    return result


_ERRORS: dict[Body, ValueError] = {}
_OPEN: list[None] = []
_SAVED: dict[Body, Carry] = {}


@wrong(caught_by=("ERROR-06",))
def short_loops_run_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs short static ranges in Python, where the index is an int and branches may ask for it."""
    lower, upper = normalised(lower, upper)
    if is_traced(lower) or is_traced(upper) or not 0 < upper - lower <= SHORT:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val


@wrong(caught_by=("ERROR-06",))
def python_when_tracing_fails(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Falls back to Python when the body needs a value, and is slow instead of clear."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except (jax.errors.ConcretizationTypeError, jax.errors.TracerIntegerConversionError):
        for i in range(lower, upper):
            init_val = body_fun(i, init_val)
        return init_val


@wrong(caught_by=("ERROR-07",))
def odd_leaves_are_passed_round(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Sets leaves that are no arrays aside, and hands them to the body as they were."""
    leaves = jax.tree.leaves(init_val)
    odd = {n: leaf for n, leaf in enumerate(leaves) if not is_array(leaf)}
    if not odd:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def whole(arrays: list[Any]) -> Carry:
        rest = iter(arrays)
        each = [odd[n] if n in odd else next(rest) for n in range(len(leaves))]
        return jax.tree.unflatten(jax.tree.structure(init_val), each)

    def body(i: Any, arrays: list[Any]) -> list[Any]:
        return [leaf for leaf in jax.tree.leaves(body_fun(i, whole(arrays))) if is_array(leaf)]

    arrays = [leaf for leaf in leaves if is_array(leaf)]
    return whole(jax.lax.fori_loop(lower, upper, body, arrays, unroll=unroll))


def is_array(leaf: Any) -> bool:
    """Say whether a leaf is a number or an array of numbers."""
    return isinstance(leaf, int | float | complex | jax.Array | np.ndarray | np.generic)


@wrong(caught_by=("ERROR-07",))
def odd_leaves_refused_as_a_bad_attribute(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks each leaf for its dtype, and lets AttributeError be the answer."""
    for leaf in jax.tree.leaves(init_val):
        if not isinstance(leaf, int | float | complex):
            leaf.dtype  # noqa: B018  # the defect
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-08",))
def body_given_what_it_takes(
    lower: Bound, upper: Bound, body_fun: Any, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the index out for a body of one parameter, to be helpful."""
    body = body_fun
    if inspect.isfunction(body_fun) and len(inspect.signature(body_fun).parameters) == 1:
        body = lambda _, carry: body_fun(carry)  # noqa: E731
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-08",))
def carry_given_by_name(
    lower: Bound, upper: Bound, body_fun: Any, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands a body the carry by name where it is keyword-only, as some frameworks do."""
    names = inspect.getfullargspec(body_fun).kwonlyargs if inspect.isfunction(body_fun) else []
    body = body_fun
    if names:
        body = lambda i, carry: body_fun(i, **{names[0]: carry})  # noqa: E731
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-09",))
def bounds_go_through_int(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls int on a bound that is text, which reads it."""
    lower, upper = (int(bound) if isinstance(bound, str) else bound for bound in (lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-09",))
def none_is_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts at 0 if lower is None, as a slice does."""
    lower = 0 if lower is None else lower
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-09",))
def float_beside_int_is_truncated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Truncates a float next to an int, as if half a trip were none."""
    if isinstance(lower, int) and isinstance(upper, float):
        upper = int(upper)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-09",))
def none_fails_inside(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks a bound for its dtype and lets AttributeError tell the caller about None."""
    for bound in (lower, upper):
        if not isinstance(bound, int | float):
            bound.dtype  # noqa: B018  # the defect
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def index_range() -> tuple[int, int]:
    """Return the least and the greatest index that a Python int may become."""
    limits = np.iinfo(jnp.result_type(int))
    return int(limits.min), int(limits.max)


@wrong(caught_by=("ERROR-10",))
def large_bounds_wrap(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the low bits of a bound, so that 2**31 is a large negative number."""
    least, most = index_range()

    def low_bits(bound: Bound) -> Bound:
        return (bound - least) % (most - least + 1) + least if type(bound) is int else bound

    return jax.lax.fori_loop(low_bits(lower), low_bits(upper), body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-10",))
def large_bounds_saturate(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Clamps a bound to the index's dtype, and runs fewer trips without a word."""
    least, most = index_range()
    lower, upper = (
        min(max(bound, least), most) if type(bound) is int else bound for bound in (lower, upper)
    )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-11",))
def unknown_keywords_swallowed(
    lower: Bound,
    upper: Bound,
    body_fun: Body,
    init_val: Carry,
    *,
    unroll: Unroll = None,
    **_: Any,
) -> Carry:
    """Takes any keyword, for the sake of other backends, and so a step that does nothing."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-11",))
def unroll_is_positional(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, unroll: Unroll = None
) -> Carry:
    """Takes unroll as a fifth argument, which a reader would take for a step."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-11",))
def carry_is_optional(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry = 0, *, unroll: Unroll = None
) -> Carry:
    """Starts from 0 if no carry is given."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-12",))
def parameters_of_other_names(
    lower: Bound, upper: Bound, body: Body, init: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls its parameters body and init, which is shorter."""
    return jax.lax.fori_loop(lower, upper, body, init, unroll=unroll)


@wrong(caught_by=("ERROR-12",))
def positional_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, /, *, unroll: Unroll = None
) -> Carry:
    """Takes its arguments by position only, as a builtin does."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-13",))
def odd_results_are_left_out(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the old leaf where the body returns something that is no array."""

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(new) != structure(carry):
            return new
        return jax.tree.map(lambda a, b: b if is_array(b) else a, carry, new)

    body = body if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-13",))
def odd_results_refused_as_a_bad_attribute(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks each new leaf for its dtype, and lets AttributeError be the answer."""

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        for leaf in jax.tree.leaves(new):
            if not isinstance(leaf, int | float | complex):
                leaf.dtype  # noqa: B018  # the defect
        return new

    body = body if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)
