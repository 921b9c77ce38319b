"""Derivatives of functions of NumPy arrays, by dual numbers, under the names that JAX gives them.

Every derivative is made in forward mode, one direction at a time: a column of the Jacobian matrix.
A vector-Jacobian product is a product with that matrix, and shares no step with backpropagation.
Arguments and results are trees: tuples, lists and dicts with arrays of floats at the leaves.
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
"""How many derivatives are being taken, one inside the other."""


def jvp(f: Function, primals: tuple[Tree, ...], tangents: tuple[Tree, ...]) -> tuple[Tree, Tree]:
    """The value of ``f(*primals)``, and its derivative in the direction of ``tangents``.

    Args:
        f: written over NumPy with what `Dual` supports.
        primals: trees of arrays of floats, one for each argument.
        tangents: trees of the same structure and shapes.

    Returns:
        Two trees of the structure, shapes and dtypes of ``f(*primals)``.
    """
    value = _map(np.asarray, f(*primals))
    return value, _map(_typed_as, _push(f, primals, tangents), value)


def vjp(f: Function, *primals: Tree) -> tuple[Tree, Callable[[Tree], tuple[Tree, ...]]]:
    """The value of ``f(*primals)``, and the function that pulls a cotangent back.

    Args:
        f: as for `jvp`.
        primals: likewise.

    Returns:
        The value; and a function from a cotangent, of the structure and shapes of the value, to
        trees of the structure, shapes and dtypes of the primals.
    """
    columns = [_push(f, primals, direction) for direction in _directions(primals)]

    def pull(cotangent: Tree) -> tuple[Tree, ...]:
        entries = iter([_inner(cotangent, column) for column in columns])
        return tuple(_map(lambda leaf: _filled(leaf, entries), primals))

    return f(*primals), pull


def grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The function that gives the gradient of a scalar ``f`` with respect to some arguments."""
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
    """The function from x to the second derivatives of a scalar ``f(x)``.

    x is one array; the result has the shape of x twice, and the dtype of x.
    """

    def second(x: Array) -> Array:
        columns = [jvp(grad(f), (x,), direction)[1] for direction in _directions((x,))]
        return np.stack(columns, axis=-1).reshape(x.shape * 2)

    return second


def fori_loop(lower: int, upper: int, body: loop.Body, init: Tree) -> Tree:
    """`foricheck.oracle.loop.fori_loop`, which a function that is differentiated here may call.

    While it is, leaves of floats are arrays of objects: whether a leaf depends on a direction is no
    part of the type of a carry. The types themselves are checked when the value is computed.
    """
    if not _depth.get():
        return loop.fori_loop(lower, upper, body, init)
    boxed = _map(_boxed, init)
    return loop.fori_loop(lower, upper, lambda i, val: _map(_boxed, body(i, val)), boxed)


def unsigned_zeros(tree: Tree) -> Tree:
    """The same tree without negative zeros; its leaves may be arrays of any library.

    The sign of a derivative that is zero depends on the order in which its parts are added up,
    which no document fixes.
    """
    return _map(lambda leaf: np.asarray(leaf) + 0.0 if _is_float(leaf) else leaf, tree)


def _push(f: Function, primals: tuple[Tree, ...], tangents: tuple[Tree, ...]) -> Tree:
    """The derivative of ``f``, with arrays of objects at the leaves."""
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
    """One tree for each number in all the leaves: 1 there, and 0 elsewhere."""
    leaves = _leaves(trees)
    for place in range(sum(np.size(leaf) for leaf in leaves)):
        numbers = (int(place == other) for other in itertools.count())
        yield _map(lambda leaf, numbers=numbers: _filled(leaf, numbers), trees)


def _filled(leaf: Array, numbers: Iterator[Any]) -> Array:
    """An array like ``leaf``, of the next numbers."""
    taken = list(itertools.islice(numbers, np.size(leaf)))
    return _typed_as(_array(taken, np.shape(leaf)), np.asarray(leaf))


def _inner(one: Tree, other: Tree) -> Any:
    """The sum of the products of the numbers in two trees."""
    pairs = zip(_leaves(one), _leaves(other), strict=True)
    return sum((np.dot(_objects(left), _objects(right)) for left, right in pairs), start=0)


def _objects(leaf: Array) -> Array:
    """The numbers of an array in a row, as numbers of Python or dual numbers."""
    return np.asarray(leaf).astype(object).ravel()


def _array(numbers: list[Any], shape: tuple[int, ...]) -> Array:
    array = np.empty(len(numbers), object)
    array[:] = numbers
    return array.reshape(shape)


def _typed_as(made: Array, like: Array) -> Array:
    """Numbers in the dtype of ``like``; inside another derivative they may be dual numbers."""
    return made if _depth.get() else np.asarray(made.astype(like.dtype))


def _boxed(leaf: Any) -> Array:
    return np.asarray(leaf).astype(object) if _is_float(leaf) else np.asarray(leaf)


def _is_float(leaf: Any) -> bool:
    return bool(np.asarray(leaf).dtype.kind == "f")


def _map(function: Callable[..., Any], *trees: Tree) -> Tree:
    """A tree of what the function gives for the leaves of one or several of one structure."""
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
