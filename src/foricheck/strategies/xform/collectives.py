"""Expressions with a body that communicates between the lanes of a named axis."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import numbered

__all__ = ["collectives"]

_ONE = """\
def lanes(c):
    return jax.vmap(lambda c: fori_loop(lower, upper, lambda i, c: {new}, c), axis_name="a")(c)
"""
_TWO = """\
def lanes(c):
    loop = lambda c: fori_loop(lower, upper, lambda i, c: {new}, c)
    return jax.vmap(jax.vmap(loop, axis_name="b"), axis_name="a")(c)
"""
_ON_ONE_AXIS = (
    ("c * 3 + jax.lax.psum(c, 'a') + i", "c * 3 + xp.sum(c, 0, dtype=xp.int32) + i"),
    ("c * 3 + jax.lax.pmax(c, 'a') - i", "c * 3 + xp.max(c, 0) - i"),
    ("c * 3 + jax.lax.axis_index('a') * i", "c * 3 + places * i"),
    ("c * 3 + jax.lax.psum(1, 'a') + i", "c * 3 + len(c) + i"),
    ("c + jax.lax.all_gather(c, 'a')[0] * 3 + i", "c + c[0] * 3 + i"),
)
_ON_TWO_AXES = (
    ("c * 3 + jax.lax.psum(c, 'a')", "c * 3 + xp.sum(c, 0, dtype=xp.int32)"),
    ("c * 3 + jax.lax.psum(c, 'b')", "c * 3 + xp.sum(c, 1, dtype=xp.int32)[:, None]"),
    ("c * 3 + jax.lax.psum(c, ('a', 'b'))", "c * 3 + xp.sum(c, (0, 1), dtype=xp.int32)"),
)
_EXPECTED = "fori_loop(lower, upper, lambda i, c: {new}, c)"


def collectives(_: LoopLimits) -> Iterator[Expression]:
    """Sums, extremes and places along one axis of two sizes, and sums along two axes."""
    for body, expected in _ON_ONE_AXIS:
        for size in (3, 2):
            shape = f"{size}, 2"
            yield _case(
                _ONE, body, expected, shape, f"places = xp.arange({size}, dtype=xp.int32)[:, None]"
            )
    for body, expected in _ON_TWO_AXES:
        yield _case(_TWO, body, expected, "2, 3, 2")


def _case(lanes: str, body: str, expected: str, shape: str, places: str = "") -> Expression:
    size = f"xp.arange({shape.replace(', ', ' * ')}, dtype=xp.int32)"
    return Expression(
        given="",
        bounds=numbered(1, 4),
        values=f"c = {size}.reshape({shape})\n{places}".strip(),
        setup=lanes.format(new=body),
        call="lanes(c)",
        expected=_EXPECTED.format(new=expected),
    )
