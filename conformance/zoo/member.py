"""What a member of the zoo is, and the decorators that make a function one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from foricheck.rules.docstrings import docstring

Kind = Literal["loop", "recurrence"]
Mistake = Literal[
    "iteration",
    "bounds",
    "dtype",
    "shape",
    "structure",
    "aliasing",
    "caching",
    "tracing",
    "unrolling",
    "derivative",
    "batching",
    "randomness",
    "numerics",
    "state",
    "errors",
]
Bound = Any
Bounds = tuple[Bound, Bound]
Index = Any
Carry = Any
Body = Callable[[Index, Carry], Carry]
Unroll = int | bool | None

Function = TypeVar("Function", bound=Callable[..., Any])

MISTAKES: tuple[Mistake, ...] = get_args(Mistake)
"""The kinds of mistake, in the order of the specification's chapters."""

_registry: dict[str, Member] = {}
"""Members by name."""


@dataclass(frozen=True)
class Member:
    """One implementation in the zoo.

    Attributes:
        name: the function's name.
        kind: what it claims to be, ``"loop"`` or ``"recurrence"``.
        path: ``module:attribute``, as ``foricheck run`` takes it.
        mistake: the kind of mistake it makes; None if right.
        caught_by: ids of the rules that must fail, the most direct one first; empty if right.
        story: what is wrong and how such a bug comes to be.
        right: whether every rule must pass.
        as_jax: whether it breaks its rules in the very way in which released JAX does, which a
            report calls a known deviation.
    """

    name: str
    kind: Kind
    path: str
    mistake: Mistake | None
    caught_by: tuple[str, ...]
    story: str
    right: bool
    as_jax: bool = False

    def __post_init__(self) -> None:
        """Refuse what no member may be.

        Raises:
            ValueError: the story is no sentence or two, or a wrong member lacks its mistake or the
                rules that catch it, or a right one has them.
        """
        if not (20 <= len(self.story) <= 240 and self.story.endswith(".")):
            raise ValueError(f"{self.path} needs a docstring of a sentence or two on what it does")
        if self.right != (self.mistake is None):
            raise ValueError(f"{self.path} must be right, or make a mistake")
        if self.right == bool(self.caught_by):
            raise ValueError(f"{self.path}: a wrong member, and no other, names rules")


def wrong(
    mistake: Mistake, *, caught_by: tuple[str, ...], as_jax: bool = False
) -> Callable[[Function], Function]:
    """Register a function as a wrong member with this kind of mistake, caught by these rules.

    The function is unchanged.

    Raises:
        ValueError: if the kind is none of :data:`MISTAKES`, or no rule is named.
    """
    if mistake not in MISTAKES:
        raise ValueError(f"mistake must be one of {', '.join(MISTAKES)}; got {mistake!r}")
    if not caught_by:
        raise ValueError("a wrong member needs at least one rule that catches it")

    def register(function: Function) -> Function:
        _register(function, mistake, caught_by, as_jax=as_jax)
        return function

    return register


def right(function: Function) -> Function:
    """Register a function as a right member; the function is unchanged."""
    _register(function, None, ())
    return function


def right_object(implementation: Any, path: str, story: str) -> None:
    """Register a callable that is no function, such as a partial, as a right member.

    Args:
        implementation: the callable.
        path: ``module:attribute``.
        story: how it is written.
    """
    name = path.rpartition(":")[2]
    _add(Member(name, _kind(implementation), path, None, (), story, right=True))


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
    return tuple(sorted(_registry.values(), key=lambda member: member.path))


def _register(
    function: Callable[..., Any],
    mistake: Mistake | None,
    caught_by: tuple[str, ...],
    *,
    as_jax: bool = False,
) -> None:
    story = " ".join(docstring(function).split())
    path = f"{function.__module__}:{function.__name__}"
    is_right, kind = mistake is None, _kind(function)
    _add(Member(function.__name__, kind, path, mistake, caught_by, story, is_right, as_jax))


def _add(member: Member) -> None:
    """Register a member; one that is imported anew takes the place of the old one.

    Raises:
        ValueError: another member has its name.
    """
    other = _registry.setdefault(member.name, member)
    if other.path != member.path:
        raise ValueError(f"{member.path} has the name of {other.path}")
    _registry[member.name] = member


def _kind(function: Callable[..., Any]) -> Kind:
    return "recurrence" if "hidden" in inspect.signature(function).parameters else "loop"
