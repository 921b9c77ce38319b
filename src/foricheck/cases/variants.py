"""Ways of calling a target: static or traced bounds, crossed with a chex variant.

This module only names them; `foricheck.targets` makes the calls, so that naming a way imports
no JAX.
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
    """One variant.

    Attributes:
        bounds: ``static`` (known when the loop is traced) or ``traced``.
        variant: a chex variant; ``disable_jit``, which chex does not have; or ``plain``, a call
            with nothing around it, for targets that are not JAX.
    """

    bounds: Bounds
    transform: Transform

    def __str__(self) -> str:
        return f"{self.bounds}-{self.transform.replace('_', '-')}"

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities that a target must have to be called in this way."""
        of_variant = {
            "with_jit": {"jit"},
            "with_pmap": {"jit", "pmap"},
            "disable_jit": {"disable_jit"},
        }
        of_bounds = {"traced": {"traced"}, "static": set[str]()}
        return frozenset(of_variant.get(self.transform, set()) | of_bounds[self.bounds])

    @classmethod
    def named(cls, name: str) -> Variant:
        """The way whose ``str`` is ``name``.

        Raises:
            ValueError: there is none.
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

# Bounds can be traced only inside a transformation, so the variants that transform nothing
# (without_jit, with_device, without_device, disable_jit) meet static bounds alone.
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
"""Every way there is."""
