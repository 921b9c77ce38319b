"""Decorators that make a wrong loop from its defect: what differs from ``jax.lax.fori_loop``.

The decorated function names, as parameters, those of ``lower``, ``upper``, ``body_fun``,
``init_val`` and ``unroll`` that it needs, and returns what takes their place. The decorator turns
it into a loop with the documented signature that keeps its name, module and docstring.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import jax

from .member import Body, Bound, Bounds, Carry, Index, Unroll
from .support.bounds import normalised

__all__ = [
    "on_body",
    "on_bounds",
    "on_given_bounds",
    "on_init",
    "on_result",
    "on_trip",
    "on_unroll",
]

Loop = Callable[..., Carry]
Arguments = dict[str, Any]
"""The arguments of a call of the loop, by the names of its parameters."""

_COPIED = ("__module__", "__name__", "__qualname__", "__doc__")


def on_bounds(change: Callable[..., Bounds]) -> Loop:
    """Return a loop with other bounds; the change takes them as ints, or in their common dtype."""

    def run(given: Arguments) -> Carry:
        lower, upper = normalised(given["lower"], given["upper"])
        lower, upper = _call(change, given | {"lower": lower, "upper": upper})
        return _loop(given | {"lower": lower, "upper": upper})

    return _named_as(change, run)


def on_given_bounds(change: Callable[..., Bounds]) -> Loop:
    """Return a loop with other bounds; the change takes them as the caller gives them."""

    def run(given: Arguments) -> Carry:
        lower, upper = _call(change, given)
        return _loop(given | {"lower": lower, "upper": upper})

    return _named_as(change, run)


def on_body(change: Callable[..., Body]) -> Loop:
    """Return a loop with another body."""
    return _with_another("body_fun", change)


def on_init(change: Callable[..., Carry]) -> Loop:
    """Return a loop that starts from another carry."""
    return _with_another("init_val", change)


def on_unroll(change: Callable[..., Unroll]) -> Loop:
    """Return a loop that is unrolled by another factor."""
    return _with_another("unroll", change)


def on_trip(change: Callable[..., Carry]) -> Loop:
    """Return a loop with another body, whose parameters ``i`` and ``carry`` the change takes too.

    What is not callable is passed on as the body, to be refused.
    """

    def run(given: Arguments) -> Carry:
        def body(i: Index, carry: Carry) -> Carry:
            return _call(change, given | {"i": i, "carry": carry})

        return _loop(given | {"body_fun": body} if callable(given["body_fun"]) else given)

    return _named_as(change, run)


def on_result(change: Callable[..., Carry]) -> Loop:
    """Return a loop with another result; the change takes the right one as ``result``."""

    def run(given: Arguments) -> Carry:
        return _call(change, given | {"result": _loop(given)})

    return _named_as(change, run)


def _with_another(name: str, change: Callable[..., Any]) -> Loop:
    return _named_as(change, lambda given: _loop(given | {name: _call(change, given)}))


def _loop(given: Arguments) -> Carry:
    return jax.lax.fori_loop(**given)


def _call(change: Callable[..., Any], given: Arguments) -> Any:
    """Call a function with those of the arguments that its parameters name."""
    return change(**{name: given[name] for name in inspect.signature(change).parameters})


def _named_as(change: Callable[..., Any], run: Callable[[Arguments], Carry]) -> Loop:
    """Return a function with the documented signature, under the name of its defect."""

    def loop(
        lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
    ) -> Carry:
        return run(
            {
                "lower": lower,
                "upper": upper,
                "body_fun": body_fun,
                "init_val": init_val,
                "unroll": unroll,
            }
        )

    update_wrapper(loop, change, assigned=_COPIED)
    del loop.__dict__["__wrapped__"]  # whose signature would be taken for that of the loop
    return loop
