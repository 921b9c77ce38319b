"""A target: callables by kind, and the capabilities that it claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from foricheck.cases.variants import ALL_VARIANTS, PLAIN, STATIC_JIT, TRACED, Variant
from foricheck.targets.limits import UNLIMITED, Limits

__all__ = ["BUNDLED", "Namespace", "Target"]

BUNDLED = "the bundled reference"
"""The name of the target that is judged when none is named."""

Namespace = Literal["jax", "numpy", "keras", "wire", "engine"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """An implementation under test.

    Attributes:
        name: as the person named it.
        callables: the implementation of each kind that it claims to be.
        capabilities: those that it claims, see `foricheck.targets.capabilities.CAPABILITIES`.
        namespace: the arrays that it takes, and over which bodies are written.
        imports: Python lines that bind each callable, by kind, to its public name, for scripts;
            for a harness, the command.
        refuses_with: types of its errors that count as refusals of whichever type is asked for.
        limits: how far it can do what it claims; cases beyond them are left out.
        versions: of the distributions that it belongs to, by name.
        lacks: the capabilities that it lacks without having declared so, with the reasons.
    """

    name: str
    callables: dict[str, Callable[..., Any]]
    capabilities: frozenset[str]
    namespace: Namespace
    imports: dict[str, str]
    versions: dict[str, str] = field(default_factory=dict)
    refuses_with: tuple[type[Exception], ...] = ()
    limits: Limits = UNLIMITED
    lacks: dict[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that the target claims to be."""
        return frozenset(self.callables)

    def variants(self, wanted: tuple[Variant, ...]) -> tuple[Variant, ...]:
        """Those of the wanted variants in which this target can be called.

        An exported program is compiled; bounds are its inputs where they may be traced.
        """
        if self.namespace == "engine":
            return tuple(variant for variant in (TRACED, STATIC_JIT) if variant in wanted)[:1]
        if self.namespace != "jax":
            return tuple(variant for variant in wanted if variant == PLAIN)
        possible = (variant for variant in ALL_VARIANTS if variant.needs <= self.capabilities)
        return tuple(variant for variant in possible if variant in wanted)
