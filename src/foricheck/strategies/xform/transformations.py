"""Expressions with a compiled, exported, nested or distributed loop."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CALL, CARRY, LOOP, RANGES, numbered

__all__ = [
    "abstract",
    "compiled",
    "donated",
    "exported",
    "inside_and_around",
    "on_devices",
    "random",
    "symbolic_bounds",
    "uncompiled",
]


def compiled(loop: LoopLimits) -> Iterator[Expression]:
    """The loop under jit, once and twice, with bounds as static or traced arguments."""
    static = "jax.jit(fori_loop, static_argnums=(0, 1, 2))"
    traced = "jax.jit(fori_loop, static_argnums=2)"
    compiled_loop = static if loop.variant.bounds == "static" else traced
    call = f"[{compiled_loop}(lower, upper, body, c), jax.jit(jax.jit(loop))(c), loop(c)]"
    for bounds in RANGES[1:]:
        yield Expression(
            given=LOOP,
            bounds=numbered(*bounds),
            values=CARRY,
            call=call,
            expected="[loop(c)] * 3",
        )


def inside_and_around(_: LoopLimits) -> Iterator[Expression]:
    """The loop inside each of JAX's control flow primitives, and each of them in its body."""
    for call, expected in (*_AROUND, *_INSIDE):
        yield Expression(
            given=LOOP,
            bounds=numbered(1, 4),
            values=f"{CARRY}\nxs = xp.array([3, 0, 5], xp.int32)",
            call=call,
            expected=expected,
        )


_SCALED = "fori_loop(lower, upper, lambda i, c: c * k + i, c)"
_AROUND = (
    (
        "[jax.lax.cond(x > 0, loop, lambda c: -c, c) for x in xs]",
        "[loop(c), -c, loop(c)]",
    ),
    (
        f"[jax.lax.switch(x % 3, [lambda c, k=k: {_SCALED} for k in (2, 3, 5)], c) for x in xs]",
        f"[{_SCALED} for k in (2, 2, 5)]",
    ),
    (
        "jax.lax.scan(lambda c, x: (loop(c) + x, loop(c + x)), c, xs)",
        "(loop(loop(loop(c) + 3)) + 5, xp.stack([loop(c + 3), loop(loop(c) + 3), "
        "loop(loop(loop(c) + 3) + 5)]))",
    ),
    (
        "jax.lax.while_loop(lambda s: s[0] < 2, lambda s: (s[0] + 1, loop(s[1])), (xs[1], c))[1]",
        "loop(loop(c))",
    ),
    (
        "fori_loop(lower, upper, lambda i, c: loop(c) + i, c)",
        "fori_loop(lower, upper, lambda i, c: loop(c) + i, c)",
    ),
)
_INSIDE = (
    (
        "fori_loop(lower, upper, lambda i, c: "
        "jax.lax.cond(i % 2 == 0, lambda c: c * 31 + i, lambda c: c - i, c), c)",
        "fori_loop(lower, upper, lambda i, c: c * 31 + i if i % 2 == 0 else c - i, c)",
    ),
    (
        "fori_loop(lower, upper, lambda i, c: "
        "jax.lax.switch(i % 3, [lambda c: c * 31, lambda c: c + i, lambda c: -c], c), c)",
        "fori_loop(lower, upper, lambda i, c: (c * 31, c + i, -c)[i % 3], c)",
    ),
    (
        "fori_loop(lower, upper, lambda i, c: "
        "jax.lax.scan(lambda c, x: (c * 31 + x + i, None), c, xs)[0], c)",
        "fori_loop(lower, upper, lambda i, c: "
        "fori_loop(0, 3, lambda j, c: c * 31 + xs[j] + i, c), c)",
    ),
    (
        "fori_loop(lower, upper, lambda i, c: jax.lax.while_loop("
        "lambda s: s[0] < i, lambda s: (s[0] + 1, s[1] * 31 + s[0]), (xs[1], c))[1], c)",
        "fori_loop(lower, upper, lambda i, c: fori_loop(0, i, lambda j, c: c * 31 + j, c), c)",
    ),
)


def on_devices(_: LoopLimits) -> Iterator[Expression]:
    """A carry sharded over two devices, and a separate range for each device.

    On a machine with one device, everything runs on that device.
    """
    mesh = (
        "from jax.sharding import Mesh, NamedSharding, PartitionSpec\n"
        "mesh = Mesh(np.array(jax.devices()[:2]), ('d',))\n"
        "halves = PartitionSpec('d')\n"
    )
    alike = "def keeping(out):\n    return out, out.sharding.is_equivalent_to(spread.sharding, 1)\n"
    bounds = "low = xp.array([0, 3, -1, 2], xp.int32)\nhigh = xp.array([5, 1, 2, 2], xp.int32)"
    of_lane = "def loop(low, high, c):\n    return fori_loop(low, high, body, c)\n"
    yield Expression(
        given=LOOP,
        bounds=numbered(0, 4),
        values="c = xp.arange(8, dtype=xp.int32)",
        setup=f"{mesh}spread = jax.device_put(c, NamedSharding(mesh, halves))\n{alike}",
        call="[keeping(loop(spread)), keeping(jax.jit(loop)(spread))]",
        expected="[(loop(c), True)] * 2",
    )
    yield Expression(
        given=f"{BODY}\n{of_lane}",
        bounds=bounds,
        values="c = xp.arange(8, dtype=xp.int32).reshape(4, 2)",
        setup="n = min(4, jax.device_count())",
        call=(
            "np.concatenate([jax.pmap(loop)(low[k:k + n], high[k:k + n], c[k:k + n]) "
            "for k in range(0, 4, n)])"
        ),
        expected="xp.stack(list(map(loop, low, high, c)))",
    )
    yield Expression(
        given=BODY,
        bounds="low = xp.array([0, 3], xp.int32)\nhigh = xp.array([5, 1], xp.int32)",
        values="c = xp.arange(4, dtype=xp.int32).reshape(2, 2)",
        setup=(
            f"{mesh}"
            "def loops(low, high, c):\n"
            "    lanes = zip(low, high, c)\n"
            "    return xp.stack([fori_loop(one, end, body, row) for one, end, row in lanes])\n"
        ),
        call="jax.jit(jax.shard_map(loops, mesh=mesh, in_specs=halves, out_specs=halves))"
        "(low, high, c)",
        expected="xp.stack([fori_loop(*bounds, body, row) for *bounds, row in zip(low, high, c)])",
    )


def exported(_: LoopLimits) -> Iterator[Expression]:
    """A program exported once and called with several ranges, or with several carry sizes.

    In the second program the trip count is a symbolic dimension, converted to an array.
    """
    ranges = "((0, 4), (-2, 1), (3, 3), (5, 2))"
    yield Expression(
        given=BODY,
        values=CARRY,
        setup=(
            "from jax import export\n"
            "program = jax.jit(lambda low, high, c: fori_loop(low, high, body, c))\n"
            "program = jax.jit(export.export(program)(xp.int32(0), xp.int32(0), c).call)"
        ),
        call=f"[program(xp.int32(low), xp.int32(high), c) for low, high in {ranges}]",
        expected=f"[fori_loop(low, high, body, c) for low, high in {ranges}]",
    )
    yield _of_any_size("fori_loop(0, xp.array(c.shape[0]), body, c)")


def symbolic_bounds(_: LoopLimits) -> Iterator[Expression]:
    """A program exported for every carry size, with that symbolic size as a bound."""
    yield _of_any_size("fori_loop(0, c.shape[0], body, c)")
    yield _of_any_size("fori_loop(c.shape[0] - 2, 3, body, c)")


def _of_any_size(loop: str) -> Expression:
    """A loop over a vector ``c``, exported for a symbolic size and called with two sizes."""
    return Expression(
        given=BODY,
        setup=(
            "from jax import export\n"
            f"program = jax.jit(lambda c: {loop})\n"
            "any_size = jax.ShapeDtypeStruct(export.symbolic_shape('n'), xp.int32)\n"
            "program = export.export(program)(any_size)"
        ),
        call="[program.call(xp.arange(size, dtype=xp.int32)) for size in (1, 4)]",
        expected=f"[{loop} for c in (xp.arange(1, dtype=xp.int32), xp.arange(4, dtype=xp.int32))]",
    )


def donated(_: LoopLimits) -> Iterator[Expression]:
    """A donated carry, and arguments that are used again after a call."""
    for bounds in RANGES[:1] + RANGES[-1:]:
        for call, expected in (
            ("[donating(donating(c, k), k), k]", "[loop(loop(c, k), k), k]"),
            ("[loop(c, k), loop(c, k), c, k]", "[loop(c, k), loop(c, k), c, k]"),
        ):
            yield Expression(
                given=(
                    "def loop(c, k):\n"
                    "    return fori_loop(lower, upper, lambda i, c: c * 31 + i + k, c)\n"
                ),
                bounds=numbered(*bounds),
                values=f"{CARRY}\nk = xp.array([7, 8], xp.int32)",
                setup="donating = jax.jit(loop, donate_argnums=0)",
                call=call,
                expected=expected,
            )


def uncompiled(_: LoopLimits) -> Iterator[Expression]:
    """Nested carries and loops, with concrete bounds of several types."""
    body = (
        "def body(i, c):\n"
        "    (x, kept), count = c['pair'], c['count']\n"
        "    return {'pair': (x * 31 + i, kept), 'count': [count[0] + 1, None]}\n"
    )
    for form in ("{}", "xp.array({}, xp.int32)", "np.int8({})"):
        for lower, upper in RANGES[1:]:
            yield Expression(
                given=body,
                bounds=f"lower = {form.format(lower)}\nupper = {form.format(upper)}",
                values=(
                    "c = {'pair': (xp.array([1, 2], xp.int32), xp.array(True)), "
                    "'count': [xp.array(0, xp.int32), None]}"
                ),
                call=CALL,
                expected=CALL,
            )
    twice = "fori_loop(lower, upper, lambda i, c: fori_loop(lower, upper, body, c) - i, c)"
    yield Expression(given=BODY, bounds=numbered(2, 5), values=CARRY, call=twice, expected=twice)


def random(loop: LoopLimits) -> Iterator[Expression]:
    """A loop that draws random bits, and the same loop in Python.

    With static bounds a key is split in each iteration; with traced bounds the keys, one per lane,
    are folded with the index.
    """
    splitting = "key, new = jax.random.split(key)", "{}(key)"
    folding = "key = new = jax.random.fold_in(key, i)", "jax.vmap({})(jax.random.split(key, 3))"
    next_key, run = splitting if loop.variant.bounds == "static" else folding
    yield Expression(
        bounds=numbered(1, 3),
        values="seed = xp.array(5, xp.uint32)",
        setup=(
            "key, start = jax.random.key(seed), xp.array(0, xp.uint32)\n\n"
            f"def body(i, c):\n    key, x = c\n    {next_key}\n"
            "    return key, x * 31 + jax.random.bits(new, (), xp.uint32)\n\n"
            "def loop(key):\n"
            "    return fori_loop(lower, upper, body, (key, start))\n\n"
            "def in_python(key):\n"
            "    return body(2, body(1, (key, start)))\n\n"
            "def numbers(drawn):\n"
            "    is_key = xp.issubdtype(drawn[0].dtype, jax.dtypes.prng_key)\n"
            "    return is_key, jax.random.key_data(drawn[0]), drawn[1]\n"
        ),
        call=f"numbers({run.format('loop')}), numbers({run.format('in_python')})",
    )


def abstract(_: LoopLimits) -> Iterator[Expression]:
    """The abstract results of a loop, and how many of its iterations ran.

    The carry is once an argument and once a constant, which a loop could compute with directly.
    """
    zeros = "{'x': xp.zeros((2, 3), xp.float32), 'count': xp.zeros((), xp.int32)}"
    for calls in (
        "[jax.eval_shape(loop, c), jax.make_jaxpr(loop, return_shape=True)(c)[1]]",
        "[jax.eval_shape(lambda: loop(c)), "
        "jax.make_jaxpr(lambda: loop(c), return_shape=True)()[1]]",
    ):
        yield Expression(
            bounds=numbered(0, 5),
            values="c = {'x': xp.ones((2, 3), xp.float32), 'count': xp.zeros((), xp.int32)}",
            setup=(
                "ran = []\n\n"
                "def body(i, c):\n"
                "    jax.debug.callback(lambda: ran.append(1))\n"
                "    return {'x': c['x'] * 2, 'count': c['count'] + 1}\n\n"
                "def loop(c):\n"
                "    return fori_loop(lower, upper, body, c)\n\n"
                "def zeros(shapes):\n"
                "    jax.effects_barrier()\n"
                "    return jax.tree.map(lambda leaf: xp.zeros(leaf.shape, leaf.dtype), shapes)\n"
            ),
            call=f"(zeros({calls}), len(ran))",
            expected=f"([{zeros}] * 2, 0)",
        )
