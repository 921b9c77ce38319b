"""What a target is: callables by kind, and what it says it can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from foricheck.cases.variants import ALL_VARIANTS, PLAIN, STATIC_JIT, TRACED, Variant

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
        capabilities: what it says it can do, see `foricheck.targets.capabilities.CAPABILITIES`.
        namespace: the arrays that it is given, and that bodies are written in.
        imports: Python lines that bind each callable, by kind, to its public name, for scripts;
            for a harness, the command.
        versions: of the distributions that it is of, by name.
        lacks: the capabilities that it did not declare to lack and was found to, with the reason.
    """

    name: str
    callables: dict[str, Callable[..., Any]]
    capabilities: frozenset[str]
    namespace: Namespace
    imports: dict[str, str]
    versions: dict[str, str] = field(default_factory=dict)
    lacks: dict[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that the target claims to be."""
        return frozenset(self.callables)

    def variants(self, wanted: tuple[Variant, ...]) -> tuple[Variant, ...]:
        """Those of the wanted variants that this target can be called in.

        What is exported is a compiled program, with bounds that are its inputs if they may be.
        """
        if self.namespace == "engine":
            return tuple(variant for variant in (TRACED, STATIC_JIT) if variant in wanted)[:1]
        if self.namespace != "jax":
            return tuple(variant for variant in wanted if variant == PLAIN)
        possible = (variant for variant in ALL_VARIANTS if variant.needs <= self.capabilities)
        return tuple(variant for variant in possible if variant in wanted)
