"""From an engine to a target: JAX's loops, exported and run by it."""

from __future__ import annotations

from foricheck.targets import distributions
from foricheck.targets.engine.engine import Engine, OnEngine
from foricheck.targets.loading import reference
from foricheck.targets.target import Target

__all__ = ["of_engine"]

_CLAIMED = frozenset({"traced", "pytree", "jit", "vmap", "grad", "reverse"})
"""What is exported may hold any transformation of a loop: the values are then the engine's. Where
an error is asked for, or a trace counted, nothing is exported."""


def of_engine(name: str, engine: Engine) -> Target:
    """The target that is JAX's loop and foricheck's recurrence, exported and run by an engine.

    Args:
        name: of the target.
        engine: what runs the programs.

    Raises:
        RequestError: the engine is not installed, or does not run.
    """
    engine.must_run()
    known = reference()
    return Target(
        name=name,
        callables={kind: OnEngine(call, engine) for kind, call in known.callables.items()},
        capabilities=_CLAIMED,
        namespace="engine",
        imports=known.imports,
        versions=distributions.versions(engine.modules),
    )
