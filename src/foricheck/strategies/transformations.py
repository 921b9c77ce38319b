"""Expressions with a transformed loop: jit, vmap, grad, export; and with what may surround it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from foricheck.cases import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foricheck.targets.loop import LoopSubject

__all__ = [
    "abstract",
    "arrangements",
    "axes",
    "compiled",
    "donated",
    "exported",
    "gradients",
    "grids",
    "inside_and_around",
    "lanes",
    "many_lanes",
    "mapped_carries",
    "on_devices",
    "random",
    "shared_leaves",
    "symbolic_bounds",
    "uncompiled",
]

Lane = tuple[int, int]
"""The lower and upper bound of one lane."""

_BODY = "def body(i, c):\n    return c * 31 + i\n"
_LOOP = f"{_BODY}\ndef loop(c):\n    return fori_loop(lower, upper, body, c)\n"
_PAIR = "c = xp.array([1, 2], xp.int32)"
_ROWS = "c = xp.array([[1, 2], [3, -4], [5, 6]], xp.int32)"
_RANGES = ((0, 4), (-2, 1), (5, 2))

_LOWERS = (0, 1, -1, 2, -3, 4)
_TRIPS = (1, 0, 2, -1, 3, 5, -2, 8, 40, -100)
_DTYPES = ("int32", "int8")


def compiled(loop: LoopSubject) -> Iterator[Expression]:
    """The loop under jit once and twice, with the bounds as static or as traced arguments."""
    static = "[jax.jit(loop)(c), jax.jit(jax.jit(loop))(c), {}(lower, upper, body, c)]"
    traced = "[{}(lower, upper, body, c), jax.jit(jax.jit(loop))(c), loop(c)]"
    if loop.way.bounds == "static":
        call = static.format("jax.jit(fori_loop, static_argnums=(0, 1, 2))")
    else:
        call = traced.format("jax.jit(fori_loop, static_argnums=2)")
    for bounds in _RANGES:
        yield Expression(
            given=_LOOP,
            bounds=_static(*bounds),
            values=_PAIR,
            call=call,
            expected="[loop(c)] * 3",
        )


def mapped_carries(_: LoopSubject) -> Iterator[Expression]:
    """The carry alone is mapped, of a compiled loop too."""
    for bounds in _RANGES:
        yield Expression(
            given=_LOOP,
            bounds=_static(*bounds),
            values=_ROWS,
            call="[jax.vmap(loop)(c), jax.vmap(jax.jit(loop))(c)]",
            expected="[xp.stack([loop(row) for row in c])] * 2",
        )


def arrangements() -> SearchStrategy[list[Lane]]:
    """Bounds of 2 to 8 lanes: short, empty, negative and long ones side by side."""
    lane = st.tuples(st.sampled_from(_LOWERS), st.sampled_from(_TRIPS))
    bounds = lane.map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
    return st.lists(bounds, min_size=2, max_size=8)


def lanes(_: LoopSubject) -> SearchStrategy[Expression]:
    """Upper, lower or both are mapped; the carry is one for all lanes."""
    sides = st.sampled_from(("high", "low", "low, high"))
    return st.builds(_mapped_bounds, sides, st.sampled_from(_DTYPES), arrangements())


def grids(_: LoopSubject) -> SearchStrategy[Expression]:
    """Bounds and carry are mapped at once; or lower and carry outside, upper inside."""
    cases = (_all_three, _outer_product)
    return st.builds(lambda case, drawn: case(drawn), st.sampled_from(cases), arrangements())


def _mapped_bounds(sides: str, dtype: str, drawn: list[Lane]) -> Expression:
    lower, upper = zip(*drawn, strict=True)
    low = _column("low", lower, dtype) if "low" in sides else f"low = {lower[0]}"
    high = _column("high", upper, dtype) if "high" in sides else f"high = {upper[0]}"
    each = f"[fori_loop(low, high, body, c) for {sides} in {_zipped(sides)}]"
    return Expression(
        given=_BODY,
        bounds=f"{low}\n{high}",
        values=_PAIR,
        call=f"jax.vmap(lambda {sides}: fori_loop(low, high, body, c))({sides})",
        expected=f"xp.stack({each})",
    )


def _all_three(drawn: list[Lane]) -> Expression:
    lower, upper = zip(*drawn, strict=True)
    return Expression(
        given=(
            "def body(i, c):\n    x, count = c\n    return x * 31 + i, count + 1\n\n"
            "def loop(low, high, x, count):\n    return fori_loop(low, high, body, (x, count))\n"
        ),
        bounds=f"{_column('low', lower)}\n{_column('high', upper)}",
        values=(
            f"x = xp.arange({2 * len(drawn)}, dtype=xp.int32).reshape({len(drawn)}, 2)\n"
            f"count = xp.zeros({len(drawn)}, xp.int32)"
        ),
        call="jax.vmap(loop)(low, high, x, count)",
        expected="tuple(xp.stack(leaf) for leaf in zip(*map(loop, low, high, x, count)))",
    )


def _outer_product(drawn: list[Lane]) -> Expression:
    lower = tuple(start for start, _ in drawn)
    trips = tuple(end - start for start, end in drawn)
    return Expression(
        given=(
            f"{_BODY}\ndef loop(low, trips, c):\n    return fori_loop(low, low + trips, body, c)\n"
        ),
        bounds=f"{_column('low', lower)}\n{_column('trips', trips)}",
        values=f"c = xp.arange({2 * len(drawn)}, dtype=xp.int32).reshape({len(drawn)}, 2)",
        call="jax.vmap(jax.vmap(loop, (None, 0, None)), (0, None, 0))(low, trips, c)",
        expected="xp.stack([[loop(one, n, row) for n in trips] for one, row in zip(low, c)])",
    )


def axes(_: LoopSubject) -> Iterator[Expression]:
    """Other axes than the first, and lanes that enter through a closure or through one leaf."""
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
            given=_LOOP,
            bounds=_static(0, 3),
            values=f"{_ROWS}\nk = xp.array([7, 8], xp.int32)",
            call=call,
            expected=expected,
        )
    yield Expression(
        given=(
            "def body(i, s):\n    return {'a': s['a'] * s['b'] + i, 'b': s['b']}\n\n"
            "def loop(s):\n    return fori_loop(lower, upper, body, s)['a']\n"
        ),
        bounds=_static(0, 3),
        values=f"{_ROWS}\nk = xp.array(7, xp.int32)",
        call="jax.vmap(loop, ({'a': 1, 'b': None},))({'a': c, 'b': k})",
        expected="xp.stack([loop({'a': row, 'b': k}) for row in c.T])",
    )


def gradients(_: LoopSubject) -> Iterator[Expression]:
    """The gradient of c·kⁿ + Σ i·kⁿ⁻¹⁻ⁱ with respect to c and k, of all lanes at once.

    Written out, the derivatives of c ↦ c·k + i are dc ↦ dc·k and dk ↦ dk·k + c.
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
            bounds=_static(lower, upper),
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


def inside_and_around(_: LoopSubject) -> Iterator[Expression]:
    """The loop in each of JAX's control flow primitives, and each of them in its body."""
    for call, expected in (*_AROUND, *_INSIDE):
        yield Expression(
            given=_LOOP,
            bounds=_static(1, 4),
            values=f"{_PAIR}\nxs = xp.array([3, 0, 5], xp.int32)",
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


def on_devices(_: LoopSubject) -> Iterator[Expression]:
    """A carry spread over two devices, and a range of its own for each device.

    With one device everything is on that one, and still has to be right.
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
        given=_LOOP,
        bounds=_static(0, 4),
        values="c = xp.arange(8, dtype=xp.int32)",
        setup=f"{mesh}spread = jax.device_put(c, NamedSharding(mesh, halves))\n{alike}",
        call="[keeping(loop(spread)), keeping(jax.jit(loop)(spread))]",
        expected="[(loop(c), True)] * 2",
    )
    yield Expression(
        given=f"{_BODY}\n{of_lane}",
        bounds=bounds,
        values="c = xp.arange(8, dtype=xp.int32).reshape(4, 2)",
        setup="n = min(4, jax.device_count())",
        call=(
            "xp.concatenate([jax.pmap(loop)(low[k:k + n], high[k:k + n], c[k:k + n]) "
            "for k in range(0, 4, n)])"
        ),
        expected="xp.stack(list(map(loop, low, high, c)))",
    )
    yield Expression(
        given=_BODY,
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


def exported(_: LoopSubject) -> Iterator[Expression]:
    """A program exported once and called with several ranges, or with several sizes of the carry.

    In the second, the number of trips is a dimension that has no size yet, made into an array.
    """
    ranges = "((0, 4), (-2, 1), (3, 3), (5, 2))"
    yield Expression(
        given=_BODY,
        values=_PAIR,
        setup=(
            "from jax import export\n"
            "program = jax.jit(lambda low, high, c: fori_loop(low, high, body, c))\n"
            "program = jax.jit(export.export(program)(xp.int32(0), xp.int32(0), c).call)"
        ),
        call=f"[program(xp.int32(low), xp.int32(high), c) for low, high in {ranges}]",
        expected=f"[fori_loop(low, high, body, c) for low, high in {ranges}]",
    )
    yield _of_any_size("fori_loop(0, xp.array(c.shape[0]), body, c)")


def symbolic_bounds(_: LoopSubject) -> Iterator[Expression]:
    """As the second, where the dimension itself is a bound: no number, and no array."""
    yield _of_any_size("fori_loop(0, c.shape[0], body, c)")
    yield _of_any_size("fori_loop(c.shape[0] - 2, 3, body, c)")


def _of_any_size(loop: str) -> Expression:
    """A loop over a vector ``c``, exported for vectors of every size, called with two."""
    return Expression(
        given=_BODY,
        setup=(
            "from jax import export\n"
            f"program = jax.jit(lambda c: {loop})\n"
            "any_size = jax.ShapeDtypeStruct(export.symbolic_shape('n'), xp.int32)\n"
            "program = export.export(program)(any_size)"
        ),
        call="[program.call(xp.arange(size, dtype=xp.int32)) for size in (1, 4)]",
        expected=f"[{loop} for c in (xp.arange(1, dtype=xp.int32), xp.arange(4, dtype=xp.int32))]",
    )


def donated(_: LoopSubject) -> Iterator[Expression]:
    """A carry given away, and arguments that are used again after a call."""
    for bounds in _RANGES[:1] + _RANGES[-1:]:
        for call, expected in (
            ("[donating(donating(c, k), k), k]", "[loop(loop(c, k), k), k]"),
            ("[loop(c, k), loop(c, k), c, k]", "[loop(c, k), loop(c, k), c, k]"),
        ):
            yield Expression(
                given=(
                    "def loop(c, k):\n"
                    "    return fori_loop(lower, upper, lambda i, c: c * 31 + i + k, c)\n"
                ),
                bounds=_static(*bounds),
                values=f"{_PAIR}\nk = xp.array([7, 8], xp.int32)",
                setup="donating = jax.jit(loop, donate_argnums=0)",
                call=call,
                expected=expected,
            )


def uncompiled(_: LoopSubject) -> Iterator[Expression]:
    """Nested carries and loops, for bounds of every sort that is known without tracing."""
    body = (
        "def body(i, c):\n"
        "    (x, kept), count = c['pair'], c['count']\n"
        "    return {'pair': (x * 31 + i, kept), 'count': [count[0] + 1, None]}\n"
    )
    for form in ("{}", "xp.array({}, xp.int32)", "np.int8({})"):
        for lower, upper in _RANGES[1:]:
            yield Expression(
                given=body,
                bounds=f"lower = {form.format(lower)}\nupper = {form.format(upper)}",
                values=(
                    "c = {'pair': (xp.array([1, 2], xp.int32), xp.array(True)), "
                    "'count': [xp.array(0, xp.int32), None]}"
                ),
                call="fori_loop(lower, upper, body, c)",
                expected="fori_loop(lower, upper, body, c)",
            )
    twice = "fori_loop(lower, upper, lambda i, c: fori_loop(lower, upper, body, c) - i, c)"
    yield Expression(given=_BODY, bounds=_static(2, 5), values=_PAIR, call=twice, expected=twice)


def random(_: LoopSubject) -> Iterator[Expression]:
    """A loop that draws random bits, next to the same loop in Python.

    Once a key is split in each iteration; once, in lanes, keys are folded with the index.
    """
    split = "key, new = jax.random.split(key)"
    fold = "key = new = jax.random.fold_in(key, i)"
    alone, lanes = "{}(key)", "jax.vmap({})(jax.random.split(key, 3))"
    for next_key, run in ((split, alone), (fold, lanes)):
        yield Expression(
            bounds=_static(1, 3),
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


_MANY = 70_000


def many_lanes(_: LoopSubject) -> Iterator[Expression]:
    """More lanes than 16 bits count, each with its own bounds; the body reads at the index."""
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


def abstract(_: LoopSubject) -> Iterator[Expression]:
    """Shapes and dtypes without values, of a loop whose iterations would leave a trace.

    The carry is once an argument and once a constant, which could be computed with at once.
    """
    zeros = "{'x': xp.zeros((2, 3), xp.float32), 'count': xp.zeros((), xp.int32)}"
    for calls in (
        "[jax.eval_shape(loop, c), jax.make_jaxpr(loop, return_shape=True)(c)[1]]",
        "[jax.eval_shape(lambda: loop(c)), "
        "jax.make_jaxpr(lambda: loop(c), return_shape=True)()[1]]",
    ):
        yield Expression(
            bounds=_static(0, 5),
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


def shared_leaves(_: LoopSubject) -> Iterator[Expression]:
    """A leaf that all lanes share and the body only reads, given back once: out_axes=None."""
    shared = "fori_loop(lower, upper, lambda i, s: (s[0], s[1] * 31 + s[0] + i), (k, c))"
    for bounds in _RANGES[::2]:
        yield Expression(
            bounds=_static(*bounds),
            values=f"{_ROWS}\nk = xp.array([7, 8], xp.int32)",
            call=f"jax.vmap(lambda c: {shared}, out_axes=(None, 0))(c)",
            expected=f"(k, xp.stack([{shared}[1] for c in c]))",
        )


def _static(lower: int, upper: int) -> str:
    return f"lower = {lower}\nupper = {upper}"


def _column(name: str, numbers: tuple[int, ...], dtype: str = "int32") -> str:
    return f"{name} = xp.array({list(numbers)}, xp.{dtype})"


def _zipped(names: str) -> str:
    return f"zip({names})" if "," in names else names
