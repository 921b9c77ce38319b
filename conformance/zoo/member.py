"""What a member of the zoo is, and the decorators that make a function one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Kind = Literal["loop", "recurrence"]
Bound = Any
Index = Any
Carry = Any
Body = Callable[[Index, Carry], Carry]
Unroll = int | bool | None

Function = TypeVar("Function", bound=Callable[..., Any])

_registry: dict[str, Member] = {}


@dataclass(frozen=True)
class Member:
    """One implementation in the zoo.

    Attributes:
        name: the function's name.
        kind: what it claims to be, ``"loop"`` or ``"recurrence"``.
        path: ``module:attribute``, as ``foricheck run`` takes it.
        caught_by: ids of the rules that must fail, the most direct one first; empty if right.
        story: what is wrong and how such a bug comes to be.
        right: whether every rule must pass.
    """

    name: str
    kind: Kind
    path: str
    caught_by: tuple[str, ...]
    story: str
    right: bool


def wrong(*, caught_by: tuple[str, ...]) -> Callable[[Function], Function]:
    """Register a function as a wrong member, caught by these rules; the function is unchanged."""
    if not caught_by:
        raise ValueError("a wrong member needs at least one rule that catches it")

    def register(function: Function) -> Function:
        _register(function, caught_by)
        return function

    return register


def right(function: Function) -> Function:
    """Register a function as a right member; the function is unchanged."""
    _register(function, ())
    return function


def declares(
    *, without: tuple[str, ...] = (), array_namespace: str = "jax"
) -> Callable[[Function], Function]:
    """Set the attribute ``foricheck`` by which a target says what it lacks."""

    def declare(function: Function) -> Function:
        function.__dict__["foricheck"] = {"without": without, "array_namespace": array_namespace}
        return function

    return declare


def registered() -> tuple[Member, ...]:
    """Return the members of the families imported so far, sorted by path."""
    return tuple(member for _, member in sorted(_registry.items()))


def _register(function: Callable[..., Any], caught_by: tuple[str, ...]) -> None:
    story = " ".join((inspect.getdoc(function) or "").split())
    path = f"{function.__module__}:{function.__name__}"
    if not story:
        raise ValueError(f"{path} needs a docstring that tells its story")
    kind = _kind(function)
    _registry[path] = Member(function.__name__, kind, path, caught_by, story, not caught_by)


def _kind(function: Callable[..., Any]) -> Kind:
    return "recurrence" if "hidden" in inspect.signature(function).parameters else "loop"
