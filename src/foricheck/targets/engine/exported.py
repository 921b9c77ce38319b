"""Functions over JAX, exported and run by an engine: what takes the place of ``jax.jit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.comparison.violations import Unsupported
from foricheck.targets.engine.engine import Engine, Program

__all__ = ["exported"]

Function = Callable[..., Any]


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
