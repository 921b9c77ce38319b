"""Whether a harness itself is sound, before it is taken to speak for an implementation."""

from foricheck.targets.wire.smoke.checking import Outcome, checks

__all__ = ["Outcome", "checks"]
