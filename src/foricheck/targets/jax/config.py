"""The configuration of JAX in this process."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["DEVICES", "force_host_devices", "has_x64", "jax_option", "platform_of_jax"]

_FLAG = "--xla_force_host_platform_device_count"


DEVICES = 2
"""The number of devices that a CPU counts as, so that pmap has several."""


def force_host_devices() -> None:
    """Make a CPU count as several devices; call it before JAX is first used.

    A number that the person has set stays as it is.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if _FLAG not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {_FLAG}={DEVICES}".strip()


def has_x64() -> bool:
    """Whether JAX is loaded and has 64-bit types."""
    return "jax" in sys.modules and bool(jax_option("jax_enable_x64"))


def jax_option(name: str) -> Any:
    """The value of one of JAX's configuration options."""
    import jax

    return getattr(jax.config, name)


def platform_of_jax() -> str:
    """The platform that JAX computes on: ``cpu``, ``gpu`` or ``tpu``."""
    import jax

    return str(jax.default_backend())
