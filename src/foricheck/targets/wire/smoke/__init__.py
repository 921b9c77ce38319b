"""Check whether a harness itself is sound, before it represents an implementation."""

from foricheck.targets.wire.smoke.checking import Outcome, checks

__all__ = ["Outcome", "checks"]
