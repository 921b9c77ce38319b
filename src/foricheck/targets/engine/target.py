"""The target of an engine: JAX's loops, exported and run by it."""

from __future__ import annotations

from foricheck.targets import distributions
from foricheck.targets.engine.engine import Engine, OnEngine
from foricheck.targets.loading import reference
from foricheck.targets.target import Target

__all__ = ["of_engine"]

_CLAIMED = frozenset({"traced", "pytree", "jit", "vmap", "closures", "grad", "forward", "reverse"})
"""An exported program may contain any transformation of a loop, and the engine computes its values.
Rules that expect an error or count traces export nothing."""


def of_engine(name: str, engine: Engine) -> Target:
    """The target that is JAX's loop and foricheck's recurrence, exported and run by an engine.

    Args:
        name: of the target.
        engine: runs the programs.

    Raises:
        RequestError: the engine is not installed, or its first program fails.
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
