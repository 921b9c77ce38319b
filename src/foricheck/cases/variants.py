"""Variants: how a target is called, with static or traced bounds and a chex variant.

This module only names them and imports no JAX; `foricheck.targets` makes the calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ALL_VARIANTS",
    "DEFAULT_VARIANTS",
    "EVERY_VARIANT",
    "PLAIN",
    "STATIC",
    "STATIC_DISABLED",
    "STATIC_JIT",
    "TRACED",
    "Bounds",
    "Transform",
    "Variant",
]

Bounds = Literal["static", "traced"]
Transform = Literal[
    "plain", "with_jit", "without_jit", "with_device", "without_device", "with_pmap", "disable_jit"
]


@dataclass(frozen=True)
class Variant:
    """One way of calling a target.

    Attributes:
        bounds: ``static`` (known when the loop is traced) or ``traced``.
        transform: a chex variant; ``disable_jit``, which chex lacks; or ``plain``, a bare call of a
            target that is not JAX.
    """

    bounds: Bounds
    transform: Transform

    def __str__(self) -> str:
        return f"{self.bounds}-{self.transform.replace('_', '-')}"

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities a target needs to be called in this variant."""
        of_transform = {
            "with_jit": {"jit"},
            "with_pmap": {"jit", "pmap"},
            "disable_jit": {"disable_jit"},
        }
        of_bounds = {"traced": {"traced"}, "static": set[str]()}
        return frozenset(of_transform.get(self.transform, set()) | of_bounds[self.bounds])

    @classmethod
    def named(cls, name: str) -> Variant:
        """The variant whose ``str`` is ``name``.

        Raises:
            ValueError: no variant has this name.
        """
        for variant in (*ALL_VARIANTS, PLAIN):
            if str(variant) == name:
                return variant
        raise ValueError(f"no variant is named {name!r}")


TRACED = Variant("traced", "with_jit")
STATIC = Variant("static", "without_jit")
STATIC_JIT = Variant("static", "with_jit")
STATIC_DISABLED = Variant("static", "disable_jit")
PLAIN = Variant("static", "plain")

# Bounds can be traced only inside a transformation, so variants that transform nothing
# (without_jit, with_device, without_device, disable_jit) have static bounds only.
ALL_VARIANTS = (
    TRACED,
    STATIC,
    STATIC_JIT,
    Variant("static", "with_device"),
    Variant("static", "without_device"),
    STATIC_DISABLED,
    Variant("static", "with_pmap"),
    Variant("traced", "with_pmap"),
)

DEFAULT_VARIANTS = (TRACED, STATIC, PLAIN)
"""Static and traced bounds, and the plain call of a target that is not JAX."""

EVERY_VARIANT = (*ALL_VARIANTS, PLAIN)
"""All variants."""
