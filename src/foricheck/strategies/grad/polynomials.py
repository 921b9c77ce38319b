"""Random polynomial loop bodies and their derivatives.

Every intermediate value is an integer below 2**24 and therefore exact in float32; see
`foricheck.strategies.grad.derivatives`.
"""

from __future__ import annotations

from hypothesis import strategies as st

from foricheck.cases.loop import Expression
from foricheck.strategies.grad.derivatives import over_numpy, vector
from foricheck.strategies.limits import LoopLimits

__all__ = ["polynomials", "quadratics"]

# With values up to 2, indices up to 4, three trips and two terms, every intermediate value of both
# modes stays below 2**24: values are at most 16, 512 and 2**19 after one, two and three trips, and
# the rows of the product of the three Jacobians have absolute sums of at most 8 * 64 * 2048.
_TERMS = ("x", "y", "a", "i * x", "i * y", "i * a", "x * y", "x * x", "a * x", "a * y")


@st.composite
def _update(draw: st.DrawFn) -> str:
    """A polynomial of one or two terms for a leaf."""
    first, second = draw(st.sampled_from(_TERMS)), draw(st.sampled_from(("", *_TERMS)))
    return f"{first} {draw(st.sampled_from('+-'))} {second}" if second else first


@st.composite
def _polynomial(draw: st.DrawFn, forward: bool, reverse: bool) -> Expression:
    modes = [(forward, "jax.jvp(f, (c, a), (t, s))"), (reverse, "jax.vjp(f, c, a)[1](t)")]
    call = f"[{', '.join(derivative for available, derivative in modes if available)}]"
    return Expression(
        given=f"""\
def f(c, a):
    def body(i, c):
        x, y = c
        return {draw(_update())}, {draw(_update())}
    return fori_loop(lower, upper, body, c)
""",
        bounds=draw(_bounds(1)),
        values=f"""\
c = ({vector(*draw(_small(2)))}, {vector(*draw(_small(2)))})
t = ({vector(*draw(_small(2)))}, {vector(*draw(_small(2)))})
a, s = {vector(*draw(_small(2)))}, {vector(*draw(_small(2)))}""",
        call=call,
        expected=over_numpy(call),
    )


def polynomials(loop: LoopLimits) -> st.SearchStrategy[Expression]:
    """Polynomials of two leaves, a closed-over value and the index, in the modes available."""
    forward = loop.has_forward_mode or not loop.has_reverse_mode
    return _polynomial(forward, loop.has_reverse_mode)


_AFFINE = ("x", "y", "x + i", "x + y", "y - x", "i * x", "2 * y", "i - y")
_QUADRATIC = ("i * x * y", "i * x * x", "i * y * y", "x * y - i * y * y", "y * y + i * x * x")


@st.composite
def _quadratic(draw: st.DrawFn, reverse: bool) -> Expression:
    x, y, more = (draw(st.sampled_from(each)) for each in (_AFFINE, _AFFINE, _QUADRATIC))
    derivative = "jax.grad(f)(c)" if reverse else "jax.jacfwd(f)(c)"
    return Expression(
        given=f"""\
def f(c):
    def body(i, carry):
        x, y, s = carry
        return {x}, {y}, s + {more}
    return fori_loop(lower, upper, body, (c[0], c[1], xp.float32(0)))[2]
""",
        bounds=draw(_bounds(2)),
        values=f"c = {vector(*draw(_small(2)))}",
        call=f"[{derivative}, xp.stack([(f(c + h) - f(c - h)) / 2 for h in xp.eye(2, dtype='f')])]",
    )


def quadratics(loop: LoopLimits) -> st.SearchStrategy[Expression]:
    """A result that is quadratic in the input: its derivative and central differences."""
    return _quadratic(loop.has_reverse_mode)


def _bounds(fewest: int) -> st.SearchStrategy[str]:
    """A range of ``fewest`` to three trips, with indices from −1 to 4."""
    ranges = st.tuples(st.integers(-1, 2), st.integers(fewest, 3))
    return ranges.map(lambda pair: f"lower = {pair[0]}\nupper = {sum(pair)}")


def _small(size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from((1, 2, -1, 0, -2)), min_size=size, max_size=size)
