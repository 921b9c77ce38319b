"""Expressions that differentiate a loop.

Bodies are polynomials and values are small integers in float32, so every product and sum in a
derivative is exact in any order, and results are compared bit for bit.

The oracle's derivatives have the same names as JAX's.
"""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits

__all__ = ["beside_integers", "forward", "over_numpy", "reverse_traced", "second", "vector"]
__all__ += ["with_respect_to_carry", "with_respect_to_closed_over", "without_trips"]

_PULLED = "jax.vjp(f, {of})[1](v)"
_PUSHED = "jax.jvp(f, ({of},), (t,))"


def with_respect_to_carry(_: LoopLimits) -> Iterator[Expression]:
    """A scalar, a chain of leaves through 3000 trips, a permutation, and a product with zeros.

    Also leaves of other dtypes, a leaf that starts as a constant, static bounds in arrays, and a
    derivative (only traced) through 10**8 trips.
    """
    yield _case(
        "jax.grad(f)(c)",
        body="return c * c + i",
        bounds="lower = 1\nupper = 4",
        values="c = xp.float32(1)",
    )
    yield _case(
        _PULLED.format(of="c"),
        body="return c[0] + c[1], c[1]",
        bounds="lower = -1500\nupper = 1500",
        values="c = (xp.float32(3), xp.float32(2))\nv = (xp.float32(1), xp.float32(517))",
    )
    yield _case(
        _PULLED.format(of="c"),
        body="""\
x, (y, z) = c["x"], c["yz"]
return {"x": y * i, "yz": [z * x, x - y]}""",
        bounds="lower = -1\nupper = 3",
        values=f"""\
c = {{"x": {vector(1, 2)}, "yz": [{vector(3, -1)}, {vector(2, 4)}]}}
v = {{"x": {vector(1, 3)}, "yz": [{vector(-2, 1)}, {vector(4, 0)}]}}""",
    )
    yield _case(
        _PULLED.format(of="c"),
        body="return xp.zeros((2, 2), xp.float32) @ c[0] + c[1], c[0] * i",
        bounds="lower = 0\nupper = 4",
        values=f"c = ({vector(1, 2)}, {vector(3, -1)})\nv = ({vector(1, 3)}, {vector(5, 2)})",
    )
    yield _half_and_complex("jax.vjp(f, c)[1](t)")
    yield _beside_a_constant("jax.grad(lambda c: f(c)[1])(c)")
    yield Expression(
        given="""\
def f(lower, upper):
    return lambda c: fori_loop(lower, upper, lambda i, c: c * c + i, c)
""",
        bounds="""\
ranges = [(np.int32(1), np.int32(4)), (xp.array(1, xp.int32), xp.array(4, xp.int32))]
ranges += [(1, xp.array(4, xp.int32)), (np.int32(1), 4)]""",
        values="c = xp.float32(1)",
        call="[jax.grad(f(lower, upper))(c) for lower, upper in ranges]",
        expected="[grad(f(1, 4))(c)] * 4",
    )
    yield Expression(
        given="def f(c):\n    return fori_loop(0, 10**8, lambda i, c: c * c, c)\n",
        values="c = xp.float32(1)",
        call="xp.zeros_like(jax.eval_shape(jax.grad(f), c))",
        expected="xp.float32(0)",
    )
    yield Expression(  # NumPy has no bfloat16, so by hand: 4 c (c c + 1) times v
        given="def f(c):\n    return fori_loop(1, 3, lambda i, c: c * c + i, c)\n",
        values="c, v = xp.array([1, 2], 'bfloat16'), xp.array([1, 3], 'bfloat16')",
        call="jax.vjp(f, c)[1](v)",
        expected="(xp.array([8, 120], 'bfloat16'),)",
    )


def with_respect_to_closed_over(_: LoopLimits) -> Iterator[Expression]:
    """An indexed array, a scalar in a long sum, and a value that a nested loop closes over."""
    yield _case(
        _PULLED.format(of="a, b"),
        of="a, b",
        body="return c * b + a[i] * i",
        bounds="lower = 0\nupper = 3",
        values=f"""\
c = {vector(1, 2)}
a, b = xp.arange(4, dtype=xp.float32), xp.float32(2)
v = {vector(3, -1)}""",
    )
    yield _case(
        "jax.grad(f)(a)",
        of="a",
        body="return c + a * i",
        bounds="lower = 0\nupper = 100",
        values="c = xp.float32(0)\na = xp.float32(3)",
    )
    yield _case(
        _PULLED.format(of="a"),
        of="a",
        body="""\
def inner(j, d):
    return d * a + c * j
return fori_loop(0, 2, inner, c)""",
        bounds="lower = 0\nupper = 3",
        values=f"c = {vector(1, 2)}\na = {vector(2, -1)}\nv = {vector(3, 1)}",
    )


def without_trips(loop: LoopLimits) -> Iterator[Expression]:
    """Equal and reversed bounds, in reverse mode, and in forward mode where it is available."""
    pushed = "jax.jvp(f, (c, a), (v, a))[1]" if loop.has_forward_mode else "v"
    yield Expression(
        given="""\
def loop(lower, upper):
    return lambda c, a: fori_loop(lower, upper, lambda i, c: c * a + a, c)
""",
        values=f"c = {vector(3, -1)}\na = {vector(2, 5)}\nv = {vector(7, 4)}",
        setup=f"def derivatives(f):\n    return jax.vjp(f, c, a)[1](v), {pushed}\n",
        call="[derivatives(loop(*bounds)) for bounds in ((2, 2), (5, 2), (0, -3))]",
        expected="[((v, xp.zeros(2, xp.float32)), v)] * 3",
    )


def forward(loop: LoopLimits) -> Iterator[Expression]:
    """Products of leaves and closed-over values; with traced bounds, also zero and one trip.

    Also a chain through 200 trips, leaves of other dtypes, and a leaf that starts as a constant.
    """
    ranges = {"static": ["lower, upper"], "traced": ["lower, upper", "upper, lower", "2, lower"]}
    along = "jax.jvp(lambda c, a: f({}, c, a), (c, a), (t, s))"
    call = f"[{', '.join(map(along.format, ranges[loop.variant.bounds]))}]"
    yield Expression(
        given="""\
def f(lower, upper, c, a):
    def body(i, c):
        x, y = c
        return y * a, x * i + x * y
    return fori_loop(lower, upper, body, c)
""",
        bounds="lower = 3\nupper = 6",
        values=f"""\
c, t = ({vector(1, 2)}, {vector(2, -1)}), ({vector(3, 1)}, {vector(-1, 2)})
a, s = {vector(1, -2)}, {vector(2, 3)}""",
        call=call,
        expected=over_numpy(call),
    )
    yield _case(
        _PUSHED.format(of="c"),
        body="return c[0] + c[1], c[1]",
        bounds="lower = -100\nupper = 100",
        values="c = (xp.float32(3), xp.float32(2))\nt = (xp.float32(1), xp.float32(5))",
    )
    yield _half_and_complex(_PUSHED.format(of="c"))
    yield _beside_a_constant(_PUSHED.format(of="c"))


def second(loop: LoopLimits) -> Iterator[Expression]:
    """A cubic: its Hessian, computed twice, in reverse mode, or forward over forward mode."""
    call = "jax.jvp(lambda c: jax.jvp(f, (c,), (t,))[1], (c,), (s,))"
    if loop.has_reverse_mode:
        call = "(jax.hessian(f)(c), jax.jacrev(jax.grad(f))(c))"
    yield Expression(
        given="""\
def f(c):
    def body(i, s):
        return s * c[0] + c[1] * c[1] * i
    return fori_loop(lower, upper, body, c[2])
""",
        bounds="lower = 1\nupper = 4",
        values=f"c = {vector(2, 3, 1)}\nt, s = {vector(1, -1, 2)}, {vector(3, 1, 1)}",
        call=call,
        expected=over_numpy(call.replace("jax.jacrev(jax.grad(f))", "hessian(f)")),
    )


def reverse_traced(_: LoopLimits) -> Iterator[Expression]:
    """Gradients with respect to the carry and a closed-over value, with one or both bounds traced.

    For three trips, none and a hundred.
    """
    for gradient in (
        "jax.grad(lambda c: f(lower, upper, c, a))(c)",
        "jax.grad(lambda a: f(lower, upper, c, a))(a)",
        "jax.grad(lambda c: f(0, upper, c, a))(c)",
        "jax.grad(lambda c: f(lower, 3, c, a))(c)",
        "jax.vjp(lambda c: f(upper, lower, c, a), c)[1](a)",
        "jax.grad(lambda c: f(lower, 100, c, a))(c)",
    ):
        yield Expression(
            given="""\
def f(lower, upper, c, a):
    return fori_loop(lower, upper, lambda i, c: c * a + i, c)
""",
            bounds="lower = 0\nupper = 3",
            values="c, a = xp.float32(3), xp.float32(2)",
            call=gradient,
            expected=gradient.replace("jax.", ""),
        )


def beside_integers(loop: LoopLimits) -> Iterator[Expression]:
    """A carry of an integer, a float, and a float that does not affect the result."""
    setup, expected = {
        True: (
            """\
def derivative(n, x, z):
    to_n, to_x, to_z = jax.grad(f, (0, 1, 2), allow_int=True)(n, x, z)
    return to_n.dtype == jax.dtypes.float0, to_x, to_z
""",
            "(True, *grad(lambda x, z: f(n, x, z), (0, 1))(x, z))",
        ),
        False: (
            """\
def derivative(n, x, z):
    none = np.zeros((), jax.dtypes.float0)
    return jax.jvp(f, (n, x, z), (none, x, z))
""",
            "jvp(lambda x, z: f(n, x, z), (x, z), (x, z))",
        ),
    }[loop.has_reverse_mode]
    yield Expression(
        given="""\
def f(n, x, z):
    def body(i, carry):
        n, x, z = carry
        return n + 1, x * n.astype(xp.float32) + x * 2**i, z * x
    n, x, z = fori_loop(lower, upper, body, (n, x, z))
    return x.sum()
""",
        bounds="lower = 1\nupper = 4",
        values=f"n, x, z = xp.int32(2), {vector(1, -2)}, {vector(3, 1)}",
        setup=setup,
        call="derivative(n, x, z)",
        expected=expected,
    )


def vector(*numbers: int) -> str:
    """An array of these numbers, as an expression."""
    return f"xp.array({list(numbers)}, xp.float32)"


def _half_and_complex(derivative: str) -> Expression:
    """The derivative at arrays of float16 and of complex64."""
    return _case(
        f"[{derivative} for c, t in pairs]",
        body="return c * c + i",
        bounds="lower = 1\nupper = 3",
        values="""\
half = xp.array([1, 2], xp.float16), xp.array([1, 3], xp.float16)
pairs = [half, (xp.array([1 + 2j, 3 - 1j], xp.complex64), xp.array([2 - 1j, 5j], xp.complex64))]""",
    )


def _beside_a_constant(call: str) -> Expression:
    """A leaf that starts as a constant and depends on the input only inside the loop."""
    given = """\
def f(c):
    def body(i, carry):
        return carry[0], carry[1] + carry[0] * i
    return fori_loop(lower, upper, body, (c, np.float32(0)))
"""
    return Expression(
        given=given,
        bounds="lower = 0\nupper = 3",
        values="c, t = xp.float32(2), xp.float32(5)",
        call=call,
        expected=over_numpy(call),
    )


def _case(call: str, *, body: str, bounds: str, values: str, of: str = "c") -> Expression:
    """A call of ``f``, which runs the loop with this body as a function of the values ``of``."""
    lines = body.replace("\n", "\n        ")
    given = f"""\
def f({of}):
    def body(i, c):
        {lines}
    return fori_loop(lower, upper, body, c)
"""
    return Expression(
        given=given, bounds=bounds, values=values, call=call, expected=over_numpy(call)
    )


def over_numpy(call: str) -> str:
    """The same call with the oracle's derivatives."""
    return call.replace("jax.", "")
