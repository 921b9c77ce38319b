"""Derivatives of functions of NumPy arrays by dual numbers, under JAX's names.

Every derivative is computed in forward mode, one direction (a column of the Jacobian) at a time. A
vector-Jacobian product is a product with the full Jacobian, so it shares nothing with
backpropagation. Arguments and results are trees: tuples, lists and dicts of float arrays.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

from foricheck.oracle import loop
from foricheck.oracle.dual import Dual, tangent

__all__ = ["fori_loop", "grad", "hessian", "jvp", "unsigned_zeros", "vjp"]

Array = npt.NDArray[Any]
Tree = Any
Function = Callable[..., Tree]

_depth = ContextVar("depth", default=0)
"""The nesting depth of the derivatives being computed."""


def jvp(f: Function, primals: tuple[Tree, ...], tangents: tuple[Tree, ...]) -> tuple[Tree, Tree]:
    """The value of ``f(*primals)``, and its derivative in the direction of ``tangents``.

    Args:
        f: a function of NumPy arrays that only uses operations of `Dual`.
        primals: trees of float arrays, one for each argument.
        tangents: trees of the same structure and shapes.

    Returns:
        Two trees of the structure, shapes and dtypes of ``f(*primals)``.
    """
    value = _map(np.asarray, f(*primals))
    return value, _map(_typed_as, _push(f, primals, tangents), value)


def vjp(f: Function, *primals: Tree) -> tuple[Tree, Callable[[Tree], tuple[Tree, ...]]]:
    """The value of ``f(*primals)``, and the function that pulls back a cotangent.

    Args:
        f: as for `jvp`.
        primals: as for `jvp`.

    Returns:
        The value, and a function from a cotangent (with the value's structure and shapes) to trees
        with the structure, shapes and dtypes of the primals.
    """
    columns = [_push(f, primals, direction) for direction in _directions(primals)]

    def pull(cotangent: Tree) -> tuple[Tree, ...]:
        entries = iter([_inner(cotangent, column) for column in columns])
        return tuple(_map(lambda leaf: _filled(leaf, entries), primals))

    return f(*primals), pull


def grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The gradient function of a scalar ``f`` with respect to the arguments ``argnums``."""
    chosen = (argnums,) if isinstance(argnums, int) else argnums

    def gradient(*args: Tree) -> Tree:
        def of_chosen(*values: Tree) -> Tree:
            replaced = dict(zip(chosen, values, strict=True))
            return f(*(replaced.get(place, arg) for place, arg in enumerate(args)))

        value, pull = vjp(of_chosen, *(args[place] for place in chosen))
        pulled = pull(np.ones(np.shape(value)))
        return pulled[0] if isinstance(argnums, int) else pulled

    return gradient


def hessian(f: Function) -> Callable[[Array], Array]:
    """The Hessian function of a scalar ``f`` of one array x: shape ``x.shape * 2``, dtype of x."""

    def second(x: Array) -> Array:
        columns = [jvp(grad(f), (x,), direction)[1] for direction in _directions((x,))]
        return np.stack(columns, axis=-1).reshape(x.shape * 2)

    return second


def fori_loop(lower: int, upper: int, body: loop.Body, init: Tree) -> Tree:
    """`foricheck.oracle.loop.fori_loop` for functions that are differentiated here.

    While a derivative is computed, float leaves are object arrays, so the carry's type does not
    depend on which leaves are perturbed. Dtypes are checked when the value is computed.
    """
    if not _depth.get():
        return loop.fori_loop(lower, upper, body, init)
    boxed = _map(_boxed, init)
    return loop.fori_loop(lower, upper, lambda i, val: _map(_boxed, body(i, val)), boxed)


def unsigned_zeros(tree: Tree) -> Tree:
    """The tree with every −0.0 replaced by 0.0; leaves may be arrays of any library.

    The sign of a zero derivative depends on the order of summation, which no document specifies.
    """
    return _map(lambda leaf: np.asarray(leaf) + 0.0 if _is_float(leaf) else leaf, tree)


def _push(f: Function, primals: tuple[Tree, ...], tangents: tuple[Tree, ...]) -> Tree:
    """The directional derivative of ``f``, with object arrays at the leaves."""
    level = _depth.get() + 1
    duals = _map(lambda leaf, along: _perturbed(leaf, along, level), primals, tangents)
    outside = _depth.set(level)
    try:
        return _map(lambda leaf: _tangents(np.asarray(leaf), level), f(*duals))
    finally:
        _depth.reset(outside)


def _perturbed(leaf: Array, along: Array, level: int) -> Array:
    parts = zip(_objects(leaf), _objects(along), strict=True)
    return _array([Dual(value, tangent, level) for value, tangent in parts], np.shape(leaf))


def _tangents(leaf: Array, level: int) -> Array:
    return _array([tangent(number, level) for number in _objects(leaf)], leaf.shape)


def _directions(trees: Tree) -> Iterator[Tree]:
    """The unit vectors: for each element of the leaves, a tree with 1 there and 0 elsewhere."""
    leaves = _leaves(trees)
    for index in range(sum(np.size(leaf) for leaf in leaves)):
        numbers = (int(index == other) for other in itertools.count())
        yield _map(lambda leaf, numbers=numbers: _filled(leaf, numbers), trees)


def _filled(leaf: Array, numbers: Iterator[Any]) -> Array:
    """An array like ``leaf``, filled with the next numbers."""
    taken = list(itertools.islice(numbers, np.size(leaf)))
    return _typed_as(_array(taken, np.shape(leaf)), np.asarray(leaf))


def _inner(one: Tree, other: Tree) -> Any:
    """The inner product of two trees."""
    pairs = zip(_leaves(one), _leaves(other), strict=True)
    return sum((np.dot(_objects(left), _objects(right)) for left, right in pairs), start=0)


def _objects(leaf: Array) -> Array:
    """The elements of an array as a flat object array of Python or dual numbers."""
    return np.asarray(leaf).astype(object).ravel()


def _array(numbers: list[Any], shape: tuple[int, ...]) -> Array:
    array = np.empty(len(numbers), object)
    array[:] = numbers
    return array.reshape(shape)


def _typed_as(array: Array, like: Array) -> Array:
    """``array`` with the dtype of ``like``, unless an outer derivative needs its dual numbers."""
    return array if _depth.get() else np.asarray(array.astype(like.dtype))


def _boxed(leaf: Any) -> Array:
    return np.asarray(leaf).astype(object) if _is_float(leaf) else np.asarray(leaf)


def _is_float(leaf: Any) -> bool:
    return bool(np.asarray(leaf).dtype.kind == "f")


def _map(function: Callable[..., Any], *trees: Tree) -> Tree:
    """Apply a function to the corresponding leaves of trees of one structure."""
    tree = trees[0]
    match tree:
        case None:
            return None
        case dict():
            return {key: _map(function, *(each[key] for each in trees)) for key in sorted(tree)}
        case tuple() | list():
            parts = [_map(function, *part) for part in zip(*trees, strict=True)]
            return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
        case _:
            return function(*trees)


def _leaves(tree: Tree) -> list[Any]:
    found: list[Any] = []
    _map(found.append, tree)
    return found
