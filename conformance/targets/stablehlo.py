"""JAX's loops, exported as StableHLO, and run by the interpreter inside jaxlib."""

from foricheck.engines.exported import target
from foricheck.engines.stablehlo import STABLEHLO

__all__ = ["loops"]

loops = target("stablehlo", STABLEHLO)
