"""Expressions with a loop on several devices, and with a bound that is a symbolic size."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, LOOP, numbered

__all__ = ["on_devices", "symbolic_bounds"]


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
