"""Expressions with a leaf that all lanes share, and with very many lanes."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import RANGES, numbered

__all__ = ["many_lanes", "shared_beside_mapped_bounds", "shared_in_branches", "shared_leaves"]

_ROWS = "c = xp.array([[1, 2], [3, -4], [5, 6]], xp.int32)"
_MANY = 70_000


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
