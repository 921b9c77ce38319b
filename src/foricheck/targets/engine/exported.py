"""Functions over JAX arrays, exported and run by an engine, in place of ``jax.jit``."""

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

    Later calls have the same shapes and dtypes. The result is a tree of NumPy arrays.
    """
    return _Exported(engine, function)


class _Exported:
    """One function, compiled once for each signature; a failed compilation is remembered."""

    def __init__(self, engine: Engine, function: Function) -> None:
        self._engine, self._function = engine, function
        self._programs: dict[Any, tuple[Program, Any] | Unsupported] = {}

    def __call__(self, *arguments: Any) -> Any:
        leaves, tree = jax.tree.flatten(arguments)
        signature = (tree, *map(jax.typeof, leaves))
        if signature not in self._programs:
            self._programs[signature] = self._compiled(tree, leaves)
        match self._programs[signature]:
            case Unsupported() as why:
                raise why
            case program, result:
                return jax.tree.unflatten(result, program(*leaves))

    def _compiled(self, tree: Any, leaves: list[Any]) -> tuple[Program, Any] | Unsupported:
        def flat(*leaves: Any) -> list[Any]:
            return jax.tree.leaves(self._function(*jax.tree.unflatten(tree, leaves)))

        def parts(whole: Any) -> tuple[Any, Any]:
            return whole, self._function(*whole)

        # Trace it first: an error of the loop itself is no failure of the engine.
        kinds = jax.eval_shape(parts, jax.tree.unflatten(tree, leaves))
        try:
            _must_be_of_numpy(jax.tree.leaves(kinds))
            return self._engine.compile(flat, *leaves), jax.tree.structure(kinds[1])
        except Unsupported as why:
            return why


def _must_be_of_numpy(kinds: list[jax.ShapeDtypeStruct]) -> None:
    """An engine takes NumPy arrays, and returns them.

    Raises:
        Unsupported: a leaf is of a dtype that NumPy does not have, such as bfloat16.
    """
    for kind in kinds:
        if jax.numpy.issubdtype(kind.dtype, jax.dtypes.extended) or kind.dtype.kind not in "biufc":
            raise Unsupported(f"engines are given NumPy arrays, and NumPy has no {kind.dtype}")
