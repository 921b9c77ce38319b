"""What a body closes over: modules, Variables and their arrays."""

from __future__ import annotations

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

import jax
from flax import nnx

from ..member import Body


def closed_over(body_fun: Body) -> list[Any]:
    """Return what a body closes over."""
    return [cell.cell_contents for cell in getattr(body_fun, "__closure__", None) or ()]


def reclosed(body_fun: Body, change: Callable[[Any], Any]) -> Body:
    """Return a body that closes over changed values; one that is no plain function as it is."""
    if not isinstance(body_fun, FunctionType):
        return body_fun
    cells = tuple(CellType(change(value)) for value in closed_over(body_fun))
    code, scope, name = body_fun.__code__, body_fun.__globals__, body_fun.__name__
    return FunctionType(code, scope, name, body_fun.__defaults__, cells or None)


def is_matrix(value: Any) -> bool:
    """Say whether a value is an array of two dimensions, as weights are."""
    return isinstance(value, jax.Array) and value.ndim == 2


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return an array changed, a module with its arrays changed, and anything else as it is."""
    if isinstance(value, nnx.Module):
        graphdef, state = nnx.split(value)
        return nnx.merge(graphdef, jax.tree.map(change, state))
    return change(value) if is_matrix(value) else value
