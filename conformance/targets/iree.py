"""JAX's loops, exported as StableHLO and run by IREE."""

from foricheck.targets.engine.iree import IREE
from foricheck.targets.engine.target import of_engine

__all__ = ["loops"]

loops = of_engine("iree", IREE)
