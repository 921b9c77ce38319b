"""JAX's loops, exported as StableHLO, and run by the interpreter inside jaxlib."""

from foricheck.engines.stablehlo import STABLEHLO
from foricheck.targets.engine_target import of_engine

__all__ = ["loops"]

loops = of_engine("stablehlo", STABLEHLO)
