"""JAX's loops, exported as StableHLO and run by the interpreter in jaxlib."""

from foricheck.targets.engine.stablehlo import STABLEHLO
from foricheck.targets.engine.target import of_engine

__all__ = ["loops"]

loops = of_engine("stablehlo", STABLEHLO)
