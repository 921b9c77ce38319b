"""The documents that rules cite."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["JAX", "JAX_BODY", "JAX_BOUNDS", "JAX_CARRY", "JAX_MEANING", "JAX_STATIC"]
__all__ += ["JAX_UNROLL", "Source"]
__all__ += [
    "RECURRENCE",
    "RECURRENCE_INPUTS",
    "RECURRENCE_PITFALLS",
    "RECURRENCE_RECIPE",
    "RECURRENCE_RUN",
]

_FORI_LOOP = "https://docs.jax.dev/en/latest/_autosummary/jax.lax.fori_loop.html"
_EXERCISE = "NNX Fori Loop in Module (hard primitives)"


@dataclass(frozen=True)
class Source:
    """A place in a document.

    Attributes:
        document: an address or a title.
        place: the part of it that says so.
    """

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document} ({self.place})"


JAX_MEANING = Source(_FORI_LOOP, "the semantics given as a Python implementation")
JAX_BOUNDS = Source(_FORI_LOOP, "the parameters lower and upper, and upper <= lower")
JAX_STATIC = Source(_FORI_LOOP, "static and dynamic trip counts")
JAX_CARRY = Source(_FORI_LOOP, "the carry's fixed shape, dtype and structure")
JAX_BODY = Source(_FORI_LOOP, "the parameter body_fun")
JAX_UNROLL = Source(_FORI_LOOP, "the parameter unroll")
JAX = Source("jax.lax.fori_loop as released", "measured behaviour")

RECURRENCE = Source(_EXERCISE, "Problem: the three steps")
RECURRENCE_RECIPE = Source(_EXERCISE, "The recipe")
RECURRENCE_INPUTS = Source(_EXERCISE, "Inputs and output")
RECURRENCE_RUN = Source("the documented solution, run on released JAX", "measured behaviour")
RECURRENCE_PITFALLS = Source(_EXERCISE, "Common pitfalls")
