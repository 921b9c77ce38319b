"""Functions over JAX, exported and run by an engine: what takes the place of ``jax.jit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.engines.engine import Engine, OnEngine, Program
from foricheck.evidence import Unsupported
from foricheck.targets.target import Target

__all__ = ["exported", "target"]

_CLAIMED = frozenset({"traced", "pytree", "jit", "vmap", "grad", "reverse"})
"""What is exported may hold any transformation of a loop: the values are then the engine's. Where
an error is asked for, or a trace counted, nothing is exported."""

Function = Callable[..., Any]


def target(
    name: str,
    engine: Engine,
    *,
    loop: tuple[Function, str] | None = None,
    recurrence: tuple[Function, str] | None = None,
) -> Target:
    """A target: the callables, exported and run by an engine.

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
        versions=engine.versions,
    )


def exported(engine: Engine, function: Function) -> Function:
    """A function of trees of arrays that is exported at its first call, and run by an engine.

    Later calls are of the same shapes and dtypes. Its result is a tree of NumPy arrays.
    """
    return _Exported(engine, function)


class _Exported:
    """One function, compiled once for each sort of arguments; what cannot be stays so."""

    def __init__(self, engine: Engine, function: Function) -> None:
        self._engine, self._function = engine, function
        self._programs: dict[Any, tuple[Program, Any] | Unsupported] = {}

    def __call__(self, *arguments: Any) -> Any:
        leaves, tree = jax.tree.flatten(arguments)
        sort = (tree, *map(jax.typeof, leaves))
        if sort not in self._programs:
            self._programs[sort] = self._compiled(tree, leaves)
        match self._programs[sort]:
            case Unsupported() as why:
                raise why
            case program, result:
                return jax.tree.unflatten(result, program(*leaves))

    def _compiled(self, tree: Any, leaves: list[Any]) -> tuple[Program, Any] | Unsupported:
        def flat(*leaves: Any) -> list[Any]:
            return jax.tree.leaves(self._function(*jax.tree.unflatten(tree, leaves)))

        def parts(whole: Any) -> tuple[Any, Any]:
            return whole, self._function(*whole)

        # Traced for its own sake first: what the loop refuses is no failure of the engine.
        kinds = jax.eval_shape(parts, jax.tree.unflatten(tree, leaves))
        try:
            _must_be_of_numpy(jax.tree.leaves(kinds))
            return self._engine.compile(flat, *leaves), jax.tree.structure(kinds[1])
        except Unsupported as why:
            return why


def _must_be_of_numpy(kinds: list[jax.ShapeDtypeStruct]) -> None:
    """An engine is given NumPy arrays, and gives such.

    Raises:
        Unsupported: a leaf is of a dtype that NumPy does not have, such as bfloat16.
    """
    for kind in kinds:
        if jax.numpy.issubdtype(kind.dtype, jax.dtypes.extended) or kind.dtype.kind not in "biufc":
            raise Unsupported(f"engines are given NumPy arrays, and NumPy has no {kind.dtype}")
