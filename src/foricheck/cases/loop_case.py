"""A case of ``fori_loop`` as data: bounds, carry, body, unroll, what is around, and history."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Self, get_args, get_type_hints

from foricheck.cases.batch import Batch

__all__ = ["Around", "Body", "Bounds", "Carry", "Effect", "Leaf", "LoopCase", "Step", "Unroll"]

Unroll = int | bool | str | None
"""The keyword ``unroll``; ``"absent"`` leaves it out."""


@dataclass(frozen=True)
class Bounds:
    """The range of a loop.

    Attributes:
        dtype: of both bounds.
        lower: the first index.
        trips: ``upper - lower`` of each call; several where one program is called several times.
        given: ``python``, ``numpy``, ``0-d``, ``array``, ``python lower``, ``traced``,
            ``traced upper``, ``traced lower`` or ``traced python``, which are weakly typed.
    """

    dtype: str = "int32"
    lower: int = 0
    trips: tuple[int, ...] = (3,)
    given: str = "python"

    @property
    def traced(self) -> tuple[str, ...]:
        """Which of the bounds are arguments of what is around the loop."""
        sides = {
            "traced": ("lower", "upper"),
            "traced python": ("lower", "upper"),
            "traced upper": ("upper",),
            "traced lower": ("lower",),
        }
        return sides.get(self.given, ())


@dataclass(frozen=True)
class Leaf:
    """A leaf of the carry at the start.

    Attributes:
        dtype: its dtype; ``key`` is a random key.
        shape: its shape.
        values: a name of `foricheck.oracle.cases.values.VALUES`.
        given: ``array`` of the namespace, ``numpy``, ``strided``, ``fortran``, ``read-only``,
            ``wide``, an array of NumPy in 64 bits, or ``python``, a scalar of Python.
    """

    dtype: str = "int32"
    shape: tuple[int, ...] = (3,)
    values: str = "small"
    given: str = "array"


@dataclass(frozen=True)
class Carry:
    """The initial carry.

    Attributes:
        container: a name of `foricheck.cases.containers.CONTAINERS`.
        leaves: in the order in which the container is flattened.
        shared: whether leaves of one dtype and shape are one object.
    """

    container: str = "tuple"
    leaves: tuple[Leaf, ...] = (Leaf(), Leaf("float32"), Leaf(), Leaf("float32"))
    shared: bool = False


@dataclass(frozen=True)
class Step:
    """One instruction of a body (`foricheck.programs.typed.instructions`).

    Attributes:
        op: its name.
        leaf: the place of the leaf that it changes; -1 is every leaf.
        number: what the instruction takes, such as an index or a depth.
    """

    op: str
    leaf: int = -1
    number: int = 0


@dataclass(frozen=True)
class Effect:
    """A callback that the body makes in each iteration.

    Attributes:
        kind: ``ordered``, ``unordered``, ``debug``, ``debug ordered`` or ``print``.
        operands: ``index``, ``value`` (index and the first element of the first leaf) or ``none``.
    """

    kind: str
    operands: str = "value"


@dataclass(frozen=True)
class Body:
    """What an iteration does.

    Attributes:
        steps: each changes a working copy of the leaves, in order.
        moves: where each new leaf comes from: ``>= 0`` is a leaf of the working copy, ``-1 - n``
            is leaf ``n`` as it was at the start of the iteration. Empty keeps the working copy.
        effects: after the steps.
        form: how the callable is made, and where it keeps its constant.
        constant: an integer that the instruction ``affine`` adds.
        closure: the dtype of the array of three that the body closes over.
    """

    steps: tuple[Step, ...] = (Step("affine"),)
    moves: tuple[int, ...] = ()
    effects: tuple[Effect, ...] = ()
    form: str = "lambda"
    constant: int = 1
    closure: str = "float32"

    @property
    def reads_initial(self) -> bool:
        """Whether it closes over the leaves that the loop starts with."""
        return any(step.op == "initial" for step in self.steps)


@dataclass(frozen=True)
class Around:
    """One thing that is around the loop.

    Attributes:
        name: a name of `foricheck.targets.jax.around.TRANSFORMATIONS`.
        over: the inputs that it maps over or differentiates: ``carry``, ``closure``, ``lower``,
            ``upper``, or ``spare``, which nothing reads. For ``jit`` and ``abstract`` the inputs
            that are no constants; ``jit`` over none is one over all.
        lanes: for ``vmap``, what is added to the mapped bounds in each lane.
        largest: for derivatives, every third component of the tangents or cotangents of leaves
            that are not in half precision; the others are 1 and -2.
    """

    name: str
    over: tuple[str, ...] = ()
    lanes: tuple[int, ...] = ()
    largest: float = 0.5


@dataclass(frozen=True)
class LoopCase(Batch):
    """One case: a loop, and what is around it and before it.

    Attributes:
        bounds: its range.
        carry: its initial carry.
        body: what an iteration does.
        unroll: the keyword.
        around: what is around the loop, the outermost first.
        history: what is called before or beside it, a name of
            `foricheck.strategies.cases.dimensions.DIMENSIONS`.
        style: ``positional`` or ``keywords``.
        context: what of JAX is set around the calls, a name of
            `foricheck.targets.jax.contexts.CONTEXTS`.
    """

    type: ClassVar[str] = "loop case"

    bounds: Bounds = Bounds()
    carry: Carry = Carry()
    body: Body = Body()
    unroll: Unroll = "absent"
    around: tuple[Around, ...] = ()
    history: str = "once"
    style: str = "positional"
    context: str = "none"

    @classmethod
    def from_fields(cls, values: dict[str, Any]) -> Self:
        """The case that ``to_json`` wrote, without its sort."""
        made: Self = _read(cls, values)
        return made

    def to_json(self) -> dict[str, Any]:
        """See `Batch.to_json`."""
        written: dict[str, Any] = _written(self)
        return {"sort": self.type} | written

    @property
    def is_rolled(self) -> bool:
        """Whether each iteration of the program is one trip."""
        return self.unroll in ("absent", None, False)

    def names(self) -> tuple[str, ...]:
        """The names of what is around the loop."""
        return tuple(around.name for around in self.around)


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _written(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return [_written(part) for part in value] if isinstance(value, tuple) else value


def _read(hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{name: _read(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    if isinstance(value, list):
        return tuple(_read(get_args(hint)[0], part) for part in value)
    return value
