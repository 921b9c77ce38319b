"""The documents that rules cite."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "FLAX_FUNCTIONAL",
    "FLAX_TRACE",
    "FLAX_TRANSFORMS",
    "JAX",
    "JAX_BODY",
    "JAX_BOUNDS",
    "JAX_CARRY",
    "JAX_CHECKPOINT",
    "JAX_COMPOSE",
    "JAX_CONTROL_FLOW",
    "JAX_DERIVATIVES",
    "JAX_DISABLE_JIT",
    "JAX_DONATION",
    "JAX_EFFECTS",
    "JAX_EVAL_SHAPE",
    "JAX_EXPORT",
    "JAX_JIT",
    "JAX_MEANING",
    "JAX_RANDOM",
    "JAX_SCAN",
    "JAX_SIGNATURE",
    "JAX_STATIC",
    "JAX_THREADS",
    "JAX_UNROLL",
    "JAX_VMAP",
    "JAX_WHILE",
    "RECURRENCE",
    "RECURRENCE_INPUTS",
    "RECURRENCE_LENGTH",
    "RECURRENCE_PITFALLS",
    "RECURRENCE_PLUCKED",
    "RECURRENCE_RECIPE",
    "RECURRENCE_RUN",
    "RECURRENCE_TRACE",
    "Source",
]

_FORI_LOOP = "https://docs.jax.dev/en/latest/_autosummary/jax.lax.fori_loop.html"
_LAX = "https://docs.jax.dev/en/latest/_autosummary/jax.lax"
_EFFECTS = "https://docs.jax.dev/en/latest/_autosummary/jax.experimental.io_callback.html"
_FLAX = "https://flax.readthedocs.io/en/latest"
_CONTROL_FLOW = "https://docs.jax.dev/en/latest/control-flow.html"
_CHECKPOINT = "https://docs.jax.dev/en/latest/_autosummary/jax.checkpoint.html"
_DOCS = "https://docs.jax.dev/en/latest"
_MEASURED = "measured behaviour"
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

    @property
    def measured(self) -> bool:
        """Whether it is no document, but what a released JAX does."""
        return self.place == _MEASURED

    def __str__(self) -> str:
        return f"{self.document} ({self.place})"


JAX_MEANING = Source(_FORI_LOOP, "the semantics given as a Python implementation")
JAX_BOUNDS = Source(_FORI_LOOP, "the parameters lower and upper, and upper <= lower")
JAX_STATIC = Source(_FORI_LOOP, "static and dynamic trip counts")
JAX_CARRY = Source(_FORI_LOOP, "the carry's fixed shape, dtype and structure")
JAX_BODY = Source(_FORI_LOOP, "the parameter body_fun")
JAX_SIGNATURE = Source(_FORI_LOOP, "the signature")
JAX_UNROLL = Source(_FORI_LOOP, "the parameter unroll")
JAX_WHILE = Source(f"{_LAX}.while_loop.html", "lowered to a single WhileOp")
JAX_SCAN = Source(f"{_LAX}.scan.html", "lowered to a single WhileOp, where Python unrolls")
JAX_EFFECTS = Source(_EFFECTS, "the parameter ordered")
JAX_DERIVATIVES = Source(_CONTROL_FLOW, "Structured control flow primitives")
JAX_CHECKPOINT = Source(_CHECKPOINT, "what is recomputed when differentiated")
JAX_JIT = Source(_FORI_LOOP, "the note that it can be combined with jit")
JAX_COMPOSE = Source(f"{_DOCS}/101/transformations.html", "transformations compose")
JAX_VMAP = Source(f"{_DOCS}/_autosummary/jax.vmap.html", "the parameters in_axes and out_axes")
JAX_CONTROL_FLOW = Source(_CONTROL_FLOW, "cond, while_loop, fori_loop and scan")
JAX_EXPORT = Source(f"{_DOCS}/export/shape_poly.html", "computing with dimension variables")
JAX_DONATION = Source(f"{_DOCS}/buffer_donation.html", "what may be used after the call")
JAX_DISABLE_JIT = Source(f"{_DOCS}/_autosummary/jax.disable_jit.html", "its use for debugging")
JAX_EVAL_SHAPE = Source(f"{_DOCS}/_autosummary/jax.eval_shape.html", "shapes without any FLOPs")
JAX_RANDOM = Source(f"{_DOCS}/jax.random.html", "keys, which are split and folded")
JAX_THREADS = Source(f"{_DOCS}/concurrency.html", "calls from separate Python threads")
JAX = Source("jax.lax.fori_loop as released", _MEASURED)

RECURRENCE = Source(_EXERCISE, "Problem: the three steps")
RECURRENCE_RECIPE = Source(_EXERCISE, "The recipe")
RECURRENCE_INPUTS = Source(_EXERCISE, "Inputs and output")
RECURRENCE_RUN = Source("the documented solution, run on released JAX", _MEASURED)
RECURRENCE_PITFALLS = Source(_EXERCISE, "Common pitfalls")

RECURRENCE_TRACE = Source(_EXERCISE, "Why this matters: one While, traced once")
RECURRENCE_LENGTH = Source(_EXERCISE, "Why this matters: T is known at run time")
RECURRENCE_PLUCKED = Source(_EXERCISE, "Why the array is plucked out of the Param")
FLAX_TRACE = Source(f"{_FLAX}/api_reference/flax.errors.html", "TraceContextError")
FLAX_FUNCTIONAL = Source(f"{_FLAX}/api_reference/flax.nnx/graph.html", "split and merge")
FLAX_TRANSFORMS = Source(f"{_FLAX}/api_reference/flax.nnx/transforms.html", "grad")
