"""Derivatives of a loop combined with other features of JAX.

Linearization, checkpoints, unrolling, custom derivative rules and effects. Values are exact as in
`foricheck.strategies.grad.derivatives`.
"""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.grad.derivatives import vector
from foricheck.strategies.limits import LoopLimits

__all__ = ["after_effects", "by_linear_maps", "custom", "under_checkpoint", "unrolled"]


def by_linear_maps(loop: LoopLimits) -> Iterator[Expression]:
    """The linear map of linearize, with its transpose in reverse mode, else under checkpoint."""
    f, transposed, expected = {
        True: ("f", "jax.linear_transpose(linear, c)(v)", "vjp(f, c)[1](v)"),
        False: ("jax.checkpoint(f)", "()", "()"),
    }[loop.has_reverse_mode]
    yield Expression(
        given="""\
def f(c):
    return fori_loop(lower, upper, lambda i, c: c * c + c * i, c)
""",
        bounds="lower = 0\nupper = 3",
        values=f"c, t, s, v = {vector(1, 2)}, {vector(3, -1)}, {vector(0, 2)}, {vector(5, 1)}",
        setup=f"""\
def maps():
    value, linear = jax.linearize({f}, c)
    return value, linear(t), linear(s), {transposed}
""",
        call="maps()",
        expected=f"(f(c), jvp(f, (c,), (t,))[1], jvp(f, (c,), (s,))[1], {expected})",
    )


def under_checkpoint(_: LoopLimits) -> Iterator[Expression]:
    """`jax.checkpoint` around the body and around the loop."""
    yield Expression(
        given="""\
def body(i, c):
    return c[0] * c[1], c[1] + a * i
def f(body):
    return lambda c: fori_loop(lower, upper, body, c)
""",
        bounds="lower = 0\nupper = 3",
        values=f"""\
c = ({vector(1, 2)}, {vector(3, -1)})
a, v = {vector(2, 1)}, ({vector(1, 3)}, {vector(5, 2)})""",
        call="[jax.vjp(g, c)[1](v) for g in (f(jax.checkpoint(body)), jax.checkpoint(f(body)))]",
        expected="[vjp(f(body), c)[1](v)] * 2",
    )


def unrolled(_: LoopLimits) -> Iterator[Expression]:
    """Not unrolled, by 2 with a remainder, by more than the trip count, and completely."""
    yield Expression(
        given="""\
def body(i, c):
    return c * a + c * i
""",
        bounds="lower = 1\nupper = 4",
        values=f"c, a, v = {vector(1, 2)}, {vector(3, -1)}, {vector(5, 2)}",
        setup="""\
def loop(unroll):
    return lambda c: fori_loop(lower, upper, body, c, unroll=unroll)
""",
        call="[jax.vjp(loop(unroll), c)[1](v) for unroll in (None, 2, 5, True)]",
        expected="[vjp(lambda c: fori_loop(lower, upper, body, c), c)[1](v)] * 4",
    )


def custom(loop: LoopLimits) -> Iterator[Expression]:
    """A custom rule that triples the derivative in each trip, and a partial stop_gradient."""
    rule, derivative = {
        True: (
            """\
tripled = jax.custom_vjp(lambda x: x)
tripled.defvjp(lambda x: (x, None), lambda _, v: (3 * v,))
""",
            "jax.grad({})(c)",
        ),
        False: (
            """\
tripled = jax.custom_jvp(lambda x: x)
tripled.defjvp(lambda x, t: (x[0], 3 * t[0]))
""",
            "jax.jvp({}, (c,), (c,))[1]",
        ),
    }[loop.has_reverse_mode]
    yield Expression(
        bounds="lower = 0\nupper = 4",
        values="c = xp.float32(1)",
        setup=f"""{rule}\
def triples(c):
    return fori_loop(lower, upper, lambda i, c: tripled(c), c)
def stops(c):
    return fori_loop(lower, upper, lambda i, s: s + c + jax.lax.stop_gradient(s + c), c)
""",
        call=f"({derivative.format('triples')}, {derivative.format('stops')})",
        expected="(xp.float32(3**4), xp.float32(1 + 4))",
    )


def after_effects(_: LoopLimits) -> Iterator[Expression]:
    """An ordered callback in each iteration, under value_and_grad."""
    yield Expression(
        bounds="lower = 2\nupper = 5",
        values="c = xp.float32(1)",
        setup="""\
seen = []
def body(i, c):
    jax.debug.callback(lambda i: seen.append(int(i)), i, ordered=True)
    return c * i
def f(c):
    return fori_loop(lower, upper, body, c)
""",
        call="(*jax.value_and_grad(f)(c), jax.effects_barrier(), seen[:3])",
        expected="(xp.float32(24), xp.float32(24), None, [2, 3, 4])",
    )
