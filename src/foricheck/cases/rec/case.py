"""A case of ``fori_loop_recurrence`` as data: its arguments, what is around, and what came before.

Whatever the arguments are given as, what they mean is plain: ``int`` of seed, hidden and T, and an
x of the precision in which the target computes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self

from foricheck.cases.batch import Array, Batch
from foricheck.cases.rec.inputs import inputs

__all__ = ["AROUND", "HISTORY", "Around", "RecurrenceCase"]


@dataclass(frozen=True)
class Around:
    """What is around a call.

    Attributes:
        layers: transformations from the outermost to the innermost: ``jit``, ``vmap``, ``map``,
            ``vmap of columns``, which maps over the last axis, ``checkpoint``.
        arguments: which of seed, x and T are arguments of what is around; the others are known
            when it is traced. Under ``vmap`` and ``map`` they have an axis of lanes.
    """

    layers: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def maps(self) -> int:
        """How many axes of lanes the arguments have."""
        return sum(layer in ("vmap", "vmap of columns", "map") for layer in self.layers)

    @property
    def lanes_last(self) -> bool:
        """Whether the axis of lanes is the last one."""
        return "vmap of columns" in self.layers

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities that a target must have to be called so."""
        needed = {"jit"} & {*self.layers}
        needed |= {"vmap"} if {"vmap", "vmap of columns"} & {*self.layers} else set()
        needed |= {"jit"} if {"map", "checkpoint"} & {*self.layers} else set()  # they trace x
        return frozenset(needed | ({"traced"} if {"seed", "T"} & {*self.arguments} else set()))


AROUND = {
    "nothing": Around(),
    "jit": Around(("jit",), ("x",)),
    "jit, T traced": Around(("jit",), ("x", "T")),
    "jit, seed traced": Around(("jit",), ("seed",)),
    "jit, all traced": Around(("jit",), ("seed", "x", "T")),
    "checkpoint": Around(("checkpoint",), ("x",)),
    "vmap of x": Around(("vmap",), ("x",)),
    "vmap of columns of x": Around(("vmap of columns",), ("x",)),
    "vmap of seed": Around(("vmap",), ("seed",)),
    "vmap of T": Around(("vmap",), ("T",)),
    "vmap of seed and x": Around(("vmap",), ("seed", "x")),
    "vmap of seed and T": Around(("vmap",), ("seed", "T")),
    "vmap of x and T": Around(("vmap",), ("x", "T")),
    "vmap of all": Around(("vmap",), ("seed", "x", "T")),
    "jit of vmap of x": Around(("jit", "vmap"), ("x",)),
    "vmap of jit of x": Around(("vmap", "jit"), ("x",)),
    "vmap of vmap of x": Around(("vmap", "vmap"), ("x",)),
    "vmap of vmap of x and T": Around(("vmap", "vmap"), ("x", "T")),
    "map over x": Around(("map",), ("x",)),
}
"""What may be around a call, by name."""

HISTORY = (
    "alone",
    "twice",
    "after the next seed",
    "after a seed equal modulo 2**32",
    "after a larger hidden",
    "after a smaller hidden",
    "after another T",
    "after another x",
    "after x was written to",
    "after a jitted call",
    "after a call that raised",
    "in two threads",
)
"""What may have come before a call, or comes at the same time."""


@dataclass(frozen=True, kw_only=True)
class RecurrenceCase(Batch):
    """One call of ``fori_loop_recurrence``.

    Attributes:
        seed: a number; what counts is ``int`` of it.
        seed_as: how it is given, a name of `foricheck.cases.rec.numbers.NUMBERS`.
        hidden: likewise.
        hidden_as: likewise.
        T: likewise.
        T_as: likewise.
        values: what x holds, a name of `foricheck.cases.rec.inputs.VALUES`.
        x_as: how it is given, a name of `foricheck.cases.rec.layouts.LAYOUTS`.
        dtype: of x, as the target computes in.
        passing: ``by position``, ``T by keyword``, ``by keyword``, ``by keyword in reverse``.
        around: a name of `AROUND`.
        derivative: ``none``, ``forward``, ``reverse`` or ``second``, forward twice, in the
            direction of x.
        history: one of `HISTORY`.
    """

    type: ClassVar[str] = "recurrence case"

    seed: float = 3
    seed_as: str = "int"
    hidden: float = 3
    hidden_as: str = "int"
    T: float = 3
    T_as: str = "int"
    values: str = "noise"
    x_as: str = "jax"
    dtype: str = "float32"
    passing: str = "by position"
    around: str = "nothing"
    derivative: str = "none"
    history: str = "alone"

    @property
    def width(self) -> int:
        """How many units there are."""
        return int(self.hidden)

    @property
    def x(self) -> Array:
        """The values of x, of shape ``(width,)``."""
        return inputs(self.values, self.width, self.dtype)

    @property
    def stack(self) -> Around:
        """What is around the call."""
        return AROUND[self.around]

    def with_numbers(self, **numbers: Any) -> Self:
        """The case with other numbers, given as Python ints."""
        given: dict[str, Any] = {f"{name}_as": "int" for name in numbers}
        return replace(self, **numbers, **given)

    def row(self) -> dict[str, Any]:
        """The case as values by dimension."""
        return asdict(self)
