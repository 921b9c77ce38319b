"""Which chapter of the specification a case belongs to: that of its most exotic part."""

from __future__ import annotations

from foricheck.cases.loop_case import Bounds, Carry, LoopCase

__all__ = ["chapter_of", "needs_of"]

_DERIVATIVES = frozenset({"jvp", "vjp", "linearize", "checkpoint"})


def chapter_of(case: LoopCase) -> str:
    """``GRAD``, ``XFORM``, ``TRACE``, ``UNROLL``, ``BOUND``, ``CARRY`` or ``ITER``.

    Derivatives come first, then other transformations, callbacks and earlier calls, unrolling,
    bounds, and the carry; what is left varies the body alone.
    """
    names = set(case.names()) - {"jit"}
    if names & _DERIVATIVES:
        return "GRAD"
    if names:
        return "XFORM"
    if case.body.effects or case.history != "once":
        return "TRACE"
    if case.unroll != "absent":
        return "UNROLL"
    if case.bounds != Bounds():
        return "BOUND"
    neutral = Carry()
    if case.carry != neutral or case.body.moves:
        return "CARRY"
    return "ITER"


def needs_of(case: LoopCase) -> frozenset[str]:
    """The capabilities that a target must have for a case to be put to it."""
    names, needs = set(case.names()), {"jit"}
    if case.bounds.traced:
        needs |= {"traced"}
    if names & {"vmap", "vmap last", "vmap out none"}:
        needs |= {"vmap"}
    if names & {"jvp", "linearize", "vjp"}:
        needs |= {"grad"}
    if names & {"jvp", "linearize"}:
        needs |= {"forward"}
    if names & {"vjp", "linearize"}:
        needs |= {"reverse"}
    if "disable_jit" in names:
        needs |= {"disable_jit"}
    if any(step.op in ("triangle", "pyramid") for step in case.body.steps):
        needs |= {"traced"}  # the bounds of an inner loop are indices of the outer ones
    if case.unroll != "absent" or case.history == "other unroll":
        needs |= {"unroll"}
    if case.carry.container != "leaf":
        needs |= {"pytree"}
    return frozenset(needs)
