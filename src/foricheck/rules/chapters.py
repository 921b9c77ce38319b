"""The chapters of the specification, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foricheck.rules.documents import Source

__all__ = ["CHAPTERS", "Chapter", "Kind", "chapter"]

Kind = Literal["loop", "recurrence"]

_FORI_LOOP = Source("jax.lax.fori_loop as released", "measured behaviour")
_SOLUTION = Source("the documented solution, run on released JAX", "measured behaviour")


@dataclass(frozen=True)
class Chapter:
    """A part of the specification.

    Attributes:
        name: the part of an id before the dash, such as ``CARRY``.
        kind: the kind of target that its rules judge.
        measured: the source of a rule that no document states.
    """

    name: str
    kind: Kind
    measured: Source

    @property
    def module(self) -> str:
        """The module of ``foricheck.conformance`` that holds its properties."""
        return f"test_{self.name.lower()}"


CHAPTERS: dict[str, Chapter] = {
    each.name: each
    for each in (
        Chapter("ITER", "loop", _FORI_LOOP),
        Chapter("BOUND", "loop", _FORI_LOOP),
        Chapter("CARRY", "loop", _FORI_LOOP),
        Chapter("UNROLL", "loop", _FORI_LOOP),
        Chapter("TRACE", "loop", _FORI_LOOP),
        Chapter("GRAD", "loop", _FORI_LOOP),
        Chapter("XFORM", "loop", _FORI_LOOP),
        Chapter("ERROR", "loop", _FORI_LOOP),
        Chapter("MODULE", "loop", _SOLUTION),
        Chapter("REC", "recurrence", _SOLUTION),
    )
}
"""Every chapter by its name."""


def chapter(id: str) -> str:
    """``CARRY`` of ``CARRY-03``."""
    return id.partition("-")[0]
