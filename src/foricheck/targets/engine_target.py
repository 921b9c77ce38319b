"""From an engine to a target: JAX's loops, exported and run by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.engines.engine import Engine, OnEngine
from foricheck.targets import distributions
from foricheck.targets.target import Target

__all__ = ["of_engine"]

_CLAIMED = frozenset({"traced", "pytree", "jit", "vmap", "grad", "reverse"})
"""What is exported may hold any transformation of a loop: the values are then the engine's. Where
an error is asked for, or a trace counted, nothing is exported."""

Function = Callable[..., Any]


def of_engine(
    name: str,
    engine: Engine,
    *,
    loop: tuple[Function, str] | None = None,
    recurrence: tuple[Function, str] | None = None,
) -> Target:
    """The target that is these callables, exported and run by an engine.

    Args:
        name: of the target.
        engine: what runs the programs.
        loop: a ``fori_loop`` over JAX, and the line that imports it; ``jax.lax.fori_loop`` if
            absent.
        recurrence: likewise a ``fori_loop_recurrence``; foricheck's own if absent.

    Raises:
        RequestError: the engine is not installed, or does not run.
    """
    from foricheck.core import fori_loop_recurrence

    engine.must_run()
    loop = loop or (jax.lax.fori_loop, "from jax.lax import fori_loop")
    line = "from foricheck import fori_loop_recurrence"
    kinds = {"loop": loop, "recurrence": recurrence or (fori_loop_recurrence, line)}
    return Target(
        name=name,
        callables={kind: OnEngine(function, engine) for kind, (function, _) in kinds.items()},
        capabilities=_CLAIMED,
        namespace="engine",
        imports={kind: line for kind, (_, line) in kinds.items()},
        versions=distributions.versions(engine.modules),
    )
