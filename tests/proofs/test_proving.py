"""Hand-written Whiles: correct ones are proven, wrong ones refuted, others undecided."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.lax import while_loop

from foricheck.api import check
from foricheck.cases.loop import Expression
from foricheck.comparison.violations import Undecided, Violation
from foricheck.proofs.while_loop import must_run_exactly, must_run_range, regions

Body = Callable[[Any, Any], Any]
Loop = Callable[[Any, Any, Body, Any], Any]

CASE = Expression(call="")


def fori_loop(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(lower, upper, body, c)


def upper_first(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(
        lambda s: s[0] > s[2], lambda s: (s[0], body(s[2], s[1]), 1 + s[2]), (upper, c, lower)
    )[1]


def upper_closed_over(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(lambda s: s[0] < upper, lambda s: (s[0] + 1, body(s[0], s[1])), (lower, c))[1]


def counts_up(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    trips = upper - lower
    return while_loop(
        lambda s: s[0] < trips,
        lambda s: (s[0] + 1, body(lower + s[0], s[1])),
        (jnp.zeros_like(lower), c),
    )[1]


def counts_down(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(
        lambda s: s[0] > 0, lambda s: (s[0] - 1, body(upper - s[0], s[1])), (upper - lower, c)
    )[1]


def trips_not_negative(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    trips = jnp.maximum(upper - lower, 0)
    return while_loop(
        lambda s: s[0] != trips,
        lambda s: (s[0] + 1, body(lower + s[0], s[1])),
        (jnp.zeros_like(trips), c),
    )[1]


def negated(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(
        lambda s: ~(s[0] >= upper), lambda s: (s[0] + 1, body(s[0], s[1])), (lower, c)
    )[1]


def two_conditions(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(
        lambda s: (s[0] < upper) & (s[0] >= lower),
        lambda s: (s[0] + 1, body(s[0], s[1])),
        (lower, c),
    )[1]


def behind_calls(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return jax.jit(lambda lower, upper, c: fori_loop(lower, upper, jax.checkpoint(body), c))(
        lower, upper, c
    )


RIGHT = (
    fori_loop,
    upper_first,
    upper_closed_over,
    counts_up,
    counts_down,
    trips_not_negative,
    negated,
    two_conditions,
    behind_calls,
)


def inclusive(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(lambda s: s[0] <= upper, lambda s: (s[0] + 1, body(s[0], s[1])), (lower, c))[
        1
    ]


def unequal(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(lambda s: s[0] != upper, lambda s: (s[0] + 1, body(s[0], s[1])), (lower, c))[
        1
    ]


def in_twos(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(lambda s: s[0] < upper, lambda s: (s[0] + 2, body(s[0], s[1])), (lower, c))[1]


def from_one_more(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return fori_loop(lower + 1, upper, body, c)


def another_index(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return fori_loop(lower, upper, lambda i, c: body(i + 1, c), c)


def from_the_end(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return fori_loop(lower, upper, lambda i, c: body(lower + (upper - i) - 1, c), c)


def from_zero(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return fori_loop(0, upper, body, c)


def never_ending(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(lambda s: s[0] < upper, lambda s: (s[0], body(s[0], s[1])), (lower, c))[1]


def capped(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    end = jnp.minimum(upper, jnp.int32(2**29))
    return fori_loop(lower, end, body, c)


WRONG = {
    inclusive: "no iteration 1",
    unequal: "no iteration 1",
    in_twos: "no iteration 6",
    from_one_more: "iteration 1 has index -2",
    another_index: "iteration 1 has index -3",
    from_the_end: "iteration 1 has index -3",
    from_zero: "iteration 1 has index 0",
    never_ending: "iteration 6 has index 2",
    capped: "iteration 2147483647 runs",
}


def no_while(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return body(upper - 1, c)


def in_floating_point(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return while_loop(
        lambda s: s[0] < upper.astype(jnp.float32),
        lambda s: (s[0] + 1, body(s[0].astype(lower.dtype), s[1])),
        (lower.astype(jnp.float32), c),
    )[1]


def two_loops(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return fori_loop(3, upper, body, fori_loop(lower, jnp.minimum(upper, 3), body, c))


def masked(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(
        0, 100, lambda k, c: jnp.where(lower + k < upper, body(lower + k, c), c), c
    )


def in_a_branch(lower: Any, upper: Any, body: Body, c: Any) -> Any:
    return jax.lax.cond(lower < upper, lambda c: fori_loop(lower, upper, body, c), lambda c: c, c)


UNREAD = (no_while, in_floating_point, two_loops, masked, in_a_branch)


def jaxpr(loop: Loop, dtype: str = "int32") -> Any:
    bound = np.dtype(dtype).type(0)
    return jax.make_jaxpr(lambda lower, upper, c: loop(lower, upper, lambda i, c: i, c))(
        bound, bound, bound
    )


def named(loop: Loop) -> str:
    return getattr(loop, "__name__", "")


@pytest.mark.parametrize("dtype", ["int8", "int32"])
@pytest.mark.parametrize("loop", RIGHT, ids=named)
def test_a_right_while_is_proven(loop: Loop, dtype: str) -> None:
    must_run_exactly(CASE, jaxpr(loop, dtype))


@pytest.mark.parametrize("loop", WRONG, ids=named)
def test_a_wrong_while_is_refuted(loop: Loop) -> None:
    with pytest.raises(Violation) as caught:
        must_run_exactly(CASE, jaxpr(loop))
    difference = caught.value.difference
    assert WRONG[loop] in (difference.expected, difference.got)


@pytest.mark.parametrize("loop", UNREAD, ids=named)
def test_what_is_not_understood_is_not_accused(loop: Loop) -> None:
    with pytest.raises(Undecided, match="While"):
        must_run_exactly(CASE, jaxpr(loop))


def test_a_rule_that_is_undecided_is_skipped_and_says_why() -> None:
    (result,) = check(masked, kind="loop", rules="TRACE-05").results
    assert result.status == "skipped"
    assert result.reason == "with traced bounds, the While has a form that is not supported"


def test_an_unsigned_counter_is_proven() -> None:
    must_run_exactly(CASE, jaxpr(fori_loop, "uint32"))


@pytest.mark.parametrize("loop", [counts_up, counts_down], ids=named)
def test_an_unsigned_difference_wraps_and_is_not_proven(loop: Loop) -> None:
    with pytest.raises(Undecided, match="While"):
        must_run_exactly(CASE, jaxpr(loop, "uint32"))


@pytest.mark.parametrize("weights", [*itertools.product([-1, 0, 2], repeat=3)], ids=str)
def test_what_holds_at_the_corners_holds_throughout(weights: tuple[int, int, int]) -> None:
    def weighed(*points: Iterable[int]) -> list[int]:
        return [sum(map(operator.mul, weights, point)) for point in points]

    bounds = list(itertools.product(range(-2, 3), repeat=2))
    running = [(lower, upper, k) for lower, upper in bounds for k in range(upper - lower)]
    ended = [(lower, upper, max(upper - lower, 0)) for lower, upper in bounds]
    for runs, points in ((True, running), (False, ended)):
        where = [region for region in regions(-2, 2) if region.runs == runs]
        at_corners = weighed(*(corner.values() for region in where for corner in region.corners))
        everywhere = weighed(*points)
        assert (min(at_corners), max(at_corners)) == (min(everywhere), max(everywhere))


def static_jaxpr(loop: Loop, lower: int = -3, upper: int = 10**9) -> Any:
    def over_range(c: Any) -> Any:
        return loop(lower, upper, lambda i, c: jnp.asarray(i, c.dtype), c)

    return jax.make_jaxpr(over_range)(jnp.zeros((), int))


def scan_of_a_counter(lower: int, upper: int, body: Body, c: Any) -> Any:
    def step(state: tuple[Any, Any], _: None) -> tuple[tuple[Any, Any], Any]:
        return (state[0] + 1, body(state[0], state[1])), state[0]

    return jax.lax.scan(step, (lower, c), None, length=upper - lower)[0][1]


def one_trip_less(lower: int, upper: int, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(lower, upper - 1, body, c)


def one_trip_more(lower: int, upper: int, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(lower, upper + 1, body, c)


def from_another_index(lower: int, upper: int, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(lower + 1, upper + 1, body, c)


def in_two_halves(lower: int, upper: int, body: Body, c: Any) -> Any:
    return jax.lax.fori_loop(5, upper, body, jax.lax.fori_loop(lower, 5, body, c))


def over_elements(lower: int, upper: int, body: Body, c: Any) -> Any:
    def step(c: Any, i: Any) -> tuple[Any, None]:
        return body(i, c), None

    return jax.lax.scan(step, c, jnp.arange(lower, lower + 9))[0]


@pytest.mark.parametrize("loop", [fori_loop, scan_of_a_counter, upper_first], ids=named)
def test_a_right_static_loop_is_accepted(loop: Loop) -> None:
    must_run_range(CASE, static_jaxpr(loop), -3, 10**9)


@pytest.mark.parametrize(
    ("loop", "got"),
    [
        (one_trip_less, "no iteration 1000000003"),
        (one_trip_more, "iteration 1000000004 runs"),
        (from_another_index, "iteration 1 has index -2"),
    ],
)
def test_a_wrong_static_loop_is_refuted(loop: Loop, got: str) -> None:
    with pytest.raises(Violation) as caught:
        must_run_range(CASE, static_jaxpr(loop), -3, 10**9)
    assert caught.value.difference.got == got


@pytest.mark.parametrize("loop", [in_two_halves, over_elements], ids=named)
def test_a_static_loop_that_is_not_understood_is_not_accused(loop: Loop) -> None:
    with pytest.raises(Undecided, match="static bounds"):
        must_run_range(CASE, static_jaxpr(loop), -3, 10**9)
