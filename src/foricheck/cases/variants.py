"""Ways of calling a target: static or traced bounds, crossed with a chex variant.

This module only names them; `foricheck.targets` makes the calls, so that naming a way imports
no JAX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ALL_WAYS",
    "ANYHOW",
    "EVERYWHERE",
    "PLAIN",
    "STATIC",
    "STATIC_DISABLED",
    "STATIC_JIT",
    "TRACED",
    "Bounds",
    "Variant",
    "Way",
]

Bounds = Literal["static", "traced"]
Variant = Literal[
    "plain", "with_jit", "without_jit", "with_device", "without_device", "with_pmap", "disable_jit"
]


@dataclass(frozen=True)
class Way:
    """One way of calling the target.

    Attributes:
        bounds: ``static`` (known when the loop is traced) or ``traced``.
        variant: a chex variant; ``disable_jit``, which chex does not have; or ``plain``, a call
            with nothing around it, for targets that are not JAX.
    """

    bounds: Bounds
    variant: Variant

    def __str__(self) -> str:
        return f"{self.bounds}-{self.variant.replace('_', '-')}"

    @property
    def needs(self) -> frozenset[str]:
        """The capabilities that a target must have to be called in this way."""
        of_variant = {
            "with_jit": {"jit"},
            "with_pmap": {"jit", "pmap"},
            "disable_jit": {"disable_jit"},
        }
        of_bounds = {"traced": {"traced"}, "static": set[str]()}
        return frozenset(of_variant.get(self.variant, set()) | of_bounds[self.bounds])

    @classmethod
    def named(cls, name: str) -> Way:
        """The way whose ``str`` is ``name``.

        Raises:
            ValueError: there is none.
        """
        for way in (*ALL_WAYS, PLAIN):
            if str(way) == name:
                return way
        raise ValueError(f"no way of calling a target is named {name!r}")


TRACED = Way("traced", "with_jit")
STATIC = Way("static", "without_jit")
STATIC_JIT = Way("static", "with_jit")
STATIC_DISABLED = Way("static", "disable_jit")
PLAIN = Way("static", "plain")

# Bounds can be traced only inside a transformation, so the variants that transform nothing
# (without_jit, with_device, without_device, disable_jit) meet static bounds alone.
ALL_WAYS = (
    TRACED,
    STATIC,
    STATIC_JIT,
    Way("static", "with_device"),
    Way("static", "without_device"),
    STATIC_DISABLED,
    Way("static", "with_pmap"),
    Way("traced", "with_pmap"),
)

ANYHOW = (TRACED, STATIC, PLAIN)
"""Static and traced bounds, and the plain call of a target that is not JAX."""

EVERYWHERE = (*ALL_WAYS, PLAIN)
"""Every way there is."""
