"""Scripts for targets on another engine: the script for JAX, with ``jit`` replaced by an export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.targets.engine.engine import engine_of

__all__ = ["on_engine"]

_EXPORTED = '''\
def exported(function):
    """As jax.jit, run by {engine}; what comes back are the leaves."""

    def call(*arguments):
        leaves, tree = jax.tree.flatten(arguments)
        flat = lambda *leaves: jax.tree.leaves(function(*jax.tree.unflatten(tree, leaves)))
        return convert(flat, *leaves)(*leaves)

    return call
'''


def on_engine(callable: Callable[..., Any], script: str) -> str:
    """The script with its jitted calls exported to, and run by, an engine.

    Args:
        callable: the target's callable, which carries its engine.
        script: the same calls, jitted.
    """
    engine = engine_of(callable)
    blocks = [
        "from __future__ import annotations\n",
        engine.source,
        _EXPORTED.format(engine=engine.name),
        script.replace("print(jax.jit(", "print(exported("),
    ]
    return "\n\n".join(blocks)
