"""What all tests need: two host devices before JAX is used, and examples that never change."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from foricheck.targets.jax.config import force_host_devices

force_host_devices()

settings.register_profile(
    "foricheck",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # it measures time, which a loaded machine makes
)
settings.load_profile("foricheck")
