"""JAX's loops, exported as StableHLO, and run by IREE."""

from foricheck.engines.exported import target
from foricheck.engines.iree import IREE

__all__ = ["loops"]

loops = target("iree", IREE)
