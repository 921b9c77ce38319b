"""Rearranged carries: leaves in another order, and two carries in one loop.

The target is compared with itself, without the oracle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits

__all__ = ["in_other_orders", "together_and_apart"]

_BOUNDS = "lower = -1\nupper = 5"

# Three leaves of different types; two depend on others, and the last one is constant at first.
_BODY = """\
def body(i, leaves):
    a, b, n = leaves
    return a * 3 + n, b / 2 + a.astype(xp.float32), xp.maximum(n, i - 1)
"""
_LEAVES = "xp.array([1, 2], xp.int32), xp.array([0.5, 4], xp.float32), xp.array(0, xp.int32)"

_INTEGERS = ("xp.array([16777217, -5], xp.int32)", "c * 31 + i")
_FLOATS = ("xp.array([1.5, -0.25, 8], xp.float32)", "c / 2 + 1")
_AT_REST = ("xp.array([0, 3], xp.int32)", "xp.maximum(c, i - 1)")
_NESTED = (
    "{'a': xp.ones((0, 2), xp.float32), 'b': [xp.array([1], xp.int8)]}",
    "{'a': c['a'], 'b': [c['b'][0] + 3]}",
)


def in_other_orders(_: LoopLimits) -> Iterator[Expression]:
    """Lists of three leaves, from one loop with its leaves in several orders, original first.

    The carry is a tuple, or a dict whose leaves are in the order of its keys. With rotations and a
    reversal, every leaf takes every position and precedes every other leaf.
    """
    yield _in_orders(
        [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)],
        pack="tuple(leaves[place] for place in order)",
        unpack="[c[order.index(place)] for place in range(3)]",
    )
    yield _in_orders(
        ["abn", "bna", "nab", "nba"],
        pack="dict(zip(order, leaves))",
        unpack="[c[key] for key in order]",
    )


def _in_orders(orders: Sequence[object], *, pack: str, unpack: str) -> Expression:
    return Expression(
        bounds=_BOUNDS,
        values=f"leaves = [{_LEAVES}]",
        given=f"""\
{_BODY}
def run(order):
    pack = lambda leaves: {pack}
    unpack = lambda c: {unpack}
    result = fori_loop(lower, upper, lambda i, c: pack(body(i, unpack(c))), pack(leaves))
    return unpack(result)
""",
        call=f"[run(order) for order in {orders}]",
    )


def together_and_apart(_: LoopLimits) -> Iterator[Expression]:
    """The results of two carries in one loop, and in a loop each.

    Integers beyond 2**24 with floats, a constant carry with a changing one, and an empty leaf.
    """
    for (p, first), (q, second) in (
        (_INTEGERS, _FLOATS),
        (_AT_REST, _INTEGERS),
        (_NESTED, _INTEGERS),
    ):
        yield Expression(
            bounds=_BOUNDS,
            values=f"p = {p}\nq = {q}",
            given=(
                f"def first(i, c):\n    return {first}\n\n"
                f"def second(i, c):\n    return {second}\n\n"
                "def both(i, c):\n    return first(i, c[0]), second(i, c[1])\n"
            ),
            call=(
                "(fori_loop(lower, upper, both, (p, q)), "
                "(fori_loop(lower, upper, first, p), fori_loop(lower, upper, second, q)))"
            ),
        )
