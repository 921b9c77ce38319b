"""The configuration of JAX in this process."""

from __future__ import annotations

import os
import sys
from typing import Any

from foricheck.comparison.refusals import in_a_line
from foricheck.errors import RequestError

__all__ = ["DEVICES", "force_host_devices", "has_x64", "jax_option", "must_be_usable"]
__all__ += ["platform_of_jax"]

_FLAG = "--xla_force_host_platform_device_count"


DEVICES = 2
"""The number of devices that a CPU counts as, so that pmap has several."""


def force_host_devices() -> None:
    """Make a CPU count as several devices; call it before JAX is first used.

    A number that the person has set stays as it is.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if _FLAG not in flags and "JAX_NUM_CPU_DEVICES" not in os.environ:  # JAX refuses both
        os.environ["XLA_FLAGS"] = f"{flags} {_FLAG}={DEVICES}".strip()


def must_be_usable() -> None:
    """Import JAX and find its devices.

    Raises:
        RequestError: a flag or the machine prevents it; the message is JAX's own, in one line.
    """
    try:
        import jax

        jax.devices()
    except Exception as error:  # whatever JAX raises, it cannot be used
        raise RequestError(f"JAX cannot be used here: {in_a_line(error)}") from error


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
