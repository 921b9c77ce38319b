"""What all tests need: two host devices before JAX is used, and examples that never change."""

from __future__ import annotations

from hypothesis import settings

from foricheck.environment import force_host_devices

force_host_devices()

settings.register_profile("foricheck", derandomize=True, deadline=None, database=None)
settings.load_profile("foricheck")
