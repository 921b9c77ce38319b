"""Expressions with a loop under vmap: over its carry, bounds or closed-over values."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CARRY, LOOP, RANGES, numbered

__all__ = [
    "arrangements",
    "axes",
    "gradients",
    "grids",
    "lanes",
    "many_lanes",
    "mapped_carries",
    "shared_beside_mapped_bounds",
    "shared_in_branches",
    "shared_leaves",
]

Lane = tuple[int, int]
"""The lower and upper bound of one lane."""

_ROWS = "c = xp.array([[1, 2], [3, -4], [5, 6]], xp.int32)"
_LOWERS = (0, 1, -1, 2, -3, 4)
_TRIPS = (1, 0, 2, -1, 3, 5, -2, 8, 40, -100)
_DTYPES = ("int32", "int8")
_MANY = 70_000


def mapped_carries(_: LoopLimits) -> Iterator[Expression]:
    """Only the carry is mapped, also for a compiled loop."""
    for bounds in RANGES[1:]:
        yield Expression(
            given=LOOP,
            bounds=numbered(*bounds),
            values=_ROWS,
            call="[jax.vmap(loop)(c), jax.vmap(jax.jit(loop))(c)]",
            expected="[xp.stack([loop(row) for row in c])] * 2",
        )


def arrangements() -> SearchStrategy[list[Lane]]:
    """Bounds of 2 to 8 lanes: a mix of short, empty, negative and long ranges."""
    lane = st.tuples(st.sampled_from(_LOWERS), st.sampled_from(_TRIPS))
    bounds = lane.map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
    return st.lists(bounds, min_size=2, max_size=8)


def lanes(_: LoopLimits) -> SearchStrategy[Expression]:
    """The lower or upper bound or both are mapped; all lanes share the carry."""
    sides = st.sampled_from(("high", "low", "low, high"))
    return st.builds(_mapped_bounds, sides, st.sampled_from(_DTYPES), arrangements())


def grids(_: LoopLimits) -> SearchStrategy[Expression]:
    """Bounds and carry are mapped together, or lower and carry outside and trip counts inside."""
    cases = (_all_three, _outer_product)
    return st.builds(lambda case, drawn: case(drawn), st.sampled_from(cases), arrangements())


def _mapped_bounds(sides: str, dtype: str, drawn: list[Lane]) -> Expression:
    lower, upper = zip(*drawn, strict=True)
    low = _column("low", lower, dtype) if "low" in sides else f"low = {lower[0]}"
    high = _column("high", upper, dtype) if "high" in sides else f"high = {upper[0]}"
    each = f"[fori_loop(low, high, body, c) for {sides} in {_zipped(sides)}]"
    return Expression(
        given=BODY,
        bounds=f"{low}\n{high}",
        values=CARRY,
        call=f"jax.vmap(lambda {sides}: fori_loop(low, high, body, c))({sides})",
        expected=f"xp.stack({each})",
    )


def _all_three(drawn: list[Lane]) -> Expression:
    lower, upper = zip(*drawn, strict=True)
    return Expression(
        given=(
            f"{_TWO_LEAVES}"
            "def loop(low, high, x, count):\n    return fori_loop(low, high, body, (x, count))\n"
        ),
        bounds=f"{_column('low', lower)}\n{_column('high', upper)}",
        values=_leaves_of(len(drawn)),
        call="jax.vmap(loop)(low, high, x, count)",
        expected="tuple(xp.stack(leaf) for leaf in zip(*map(loop, low, high, x, count)))",
    )


def _outer_product(drawn: list[Lane]) -> Expression:
    lower = tuple(start for start, _ in drawn)
    trips = tuple(end - start for start, end in drawn)
    return Expression(
        given=(
            f"{_TWO_LEAVES}"
            "def loop(low, trips, x, count):\n"
            "    return fori_loop(low, low + trips, body, (x, count))\n"
        ),
        bounds=f"{_column('low', lower)}\n{_column('trips', trips)}",
        values=_leaves_of(len(drawn)),
        call=(
            "jax.vmap(jax.vmap(loop, (None, 0, None, None)), (0, None, 0, 0))(low, trips, x, count)"
        ),
        expected=(
            "tuple(xp.stack([[loop(*lane)[leaf] for lane in ((one, n, row, start) for n in trips)] "
            "for one, row, start in zip(low, x, count)]) for leaf in range(2))"
        ),
    )


_TWO_LEAVES = "def body(i, c):\n    x, count = c\n    return x * 31 + i, count + 1\n\n"


def _leaves_of(lanes: int) -> str:
    """An array and a scalar for each lane."""
    return (
        f"x = xp.arange({2 * lanes}, dtype=xp.int32).reshape({lanes}, 2)\n"
        f"count = xp.zeros({lanes}, xp.int32)"
    )


def axes(_: LoopLimits) -> Iterator[Expression]:
    """Axes other than the first, and lanes that enter through a closure or a single leaf."""
    first = (
        "[jax.vmap(loop, 1, 1)(c), jax.vmap(loop, -1)(c), jax.vmap(loop, out_axes=-1)(c)]",
        "[xp.stack([loop(row) for row in c.T], 1), xp.stack([loop(row) for row in c.T]), "
        "xp.stack([loop(row) for row in c], -1)]",
    )
    closed_over = (
        "jax.vmap(lambda k: fori_loop(lower, upper, lambda i, c: c * k + i, c[0]))(c)",
        "xp.stack([fori_loop(lower, upper, lambda i, c: c * k + i, c[0]) for k in c])",
    )
    chained = "fori_loop(lower, upper, lambda i, s: (s[1], s[2] - i, s[2] * 31), (k, k, {}))"
    one_leaf = (
        f"jax.vmap(lambda c: {chained.format('c')})(c)",
        f"tuple(xp.stack(leaf) for leaf in zip(*[{chained.format('row')} for row in c]))",
    )
    for call, expected in (first, closed_over, one_leaf):
        yield Expression(
            given=LOOP,
            bounds=numbered(0, 3),
            values=f"{_ROWS}\nk = xp.array([7, 8], xp.int32)",
            call=call,
            expected=expected,
        )
    yield Expression(
        given=(
            "def body(i, s):\n    return {'a': s['a'] * s['b'] + i, 'b': s['b']}\n\n"
            "def loop(s):\n    return fori_loop(lower, upper, body, s)['a']\n"
        ),
        bounds=numbered(0, 3),
        values=f"{_ROWS}\nk = xp.array(7, xp.int32)",
        call="jax.vmap(loop, ({'a': 1, 'b': None},))({'a': c, 'b': k})",
        expected="xp.stack([loop({'a': row, 'b': k}) for row in c.T])",
    )


def gradients(_: LoopLimits) -> Iterator[Expression]:
    """The gradient of c·kⁿ + Σ i·kⁿ⁻¹⁻ⁱ with respect to c and k, for all lanes.

    The expected derivatives of c ↦ c·k + i are dc ↦ dc·k and dk ↦ dk·k + c.
    """
    for lower, upper in ((0, 4), (3, 3)):
        yield Expression(
            given=(
                "def loop(c, k):\n"
                "    return fori_loop(lower, upper, lambda i, c: c * k + i, c)\n\n"
                "def derivatives(i, s):\n"
                "    c, k, dc, dk = s\n"
                "    return c * k + i, k, dc * k, dk * k + c\n"
            ),
            bounds=numbered(lower, upper),
            values="c = xp.array([2, -3, 0.5], xp.float32)\nk = xp.array([3, -1, 2], xp.float32)",
            call=(
                "[jax.vmap(jax.grad(loop, (0, 1)))(c, k), "
                "jax.grad(lambda c, k: jax.vmap(loop)(c, k).sum(), (0, 1))(c, k)]"
            ),
            expected=(
                "[fori_loop(lower, upper, derivatives, "
                "(c, k, xp.ones_like(c), xp.zeros_like(c)))[2:]] * 2"
            ),
        )


def many_lanes(_: LoopLimits) -> Iterator[Expression]:
    """More than 2**16 lanes with individual bounds; one body indexes an array by the index."""
    for dtype, body in (("int32", "c * 31 + i"), ("int8", "c * 31 + table[i]")):
        each = f"fori_loop(low, high, lambda i, c: {body}, c)"
        yield Expression(
            values=(
                f"low = (xp.arange({_MANY}) % 3).astype(xp.{dtype})\n"
                f"high = (xp.arange({_MANY}) % 7).astype(xp.{dtype})\n"
                f"c = xp.arange({_MANY}, dtype=xp.int32)\n"
                "table = xp.array([5, 3, 8, 1, 9, 2], xp.int32)"
            ),
            call=f"jax.vmap(lambda low, high, c: {each})(low, high, c)",
            expected=(
                "fori_loop(0, 6, lambda i, c: "
                f"xp.where((low <= i) & (i < high), {body}, c).astype(xp.int32), c)"
            ),
        )


_SHARED = "fori_loop({}, {}, lambda i, s: (s[0], s[1] * 31 + s[0] + i), (k, c))"
_ROWS_AND_SHARED = f"{_ROWS}\nk = xp.array([7, 8], xp.int32)"


def shared_leaves(_: LoopLimits) -> Iterator[Expression]:
    """A leaf that all lanes share and the body only reads, returned unmapped: out_axes=None."""
    shared = _SHARED.format("lower", "upper")
    for bounds in RANGES[::2]:
        yield Expression(
            bounds=numbered(*bounds),
            values=_ROWS_AND_SHARED,
            call=f"jax.vmap(lambda c: {shared}, out_axes=(None, 0))(c)",
            expected=f"(k, xp.stack([{shared}[1] for c in c]))",
        )


def shared_beside_mapped_bounds(_: LoopLimits) -> Iterator[Expression]:
    """The same with individual bounds for each lane."""
    shared = _SHARED.format("low", "high")
    for low, high in (
        ("0", "xp.array([3, 0, 2], xp.int32)"),
        ("xp.array([0, 3, 1], xp.int32)", "3"),
    ):
        lanes = "high, c" if low == "0" else "low, c"
        yield Expression(
            bounds=f"low, high = {low}, {high}",
            values=_ROWS_AND_SHARED,
            call=f"jax.vmap(lambda {lanes}: {shared}, out_axes=(None, 0))({lanes})",
            expected=f"(k, xp.stack([{shared}[1] for {lanes} in zip({lanes})]))",
        )


def shared_in_branches(_: LoopLimits) -> Iterator[Expression]:
    """The same inside a cond that chooses for each lane whether the loop runs."""
    shared = _SHARED.format("lower", "upper")
    yield Expression(
        bounds=numbered(0, 3),
        values=f"{_ROWS_AND_SHARED}\nruns = xp.array([True, False, True])",
        setup=(
            "def chosen(runs, c):\n"
            f"    return jax.lax.cond(runs, lambda k, c: {shared}, lambda k, c: (k, c), k, c)\n"
        ),
        call="jax.vmap(chosen, out_axes=(None, 0))(runs, c)",
        expected=f"(k, xp.stack([{shared}[1] if runs else c for runs, c in zip(runs, c)]))",
    )


def _column(name: str, numbers: tuple[int, ...], dtype: str = "int32") -> str:
    return f"{name} = xp.array({list(numbers)}, xp.{dtype})"


def _zipped(names: str) -> str:
    return f"zip({names})" if "," in names else names
