"""Where a run takes place: versions, platform, device."""

from __future__ import annotations

import multiprocessing
import os
import platform
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from importlib.util import find_spec
from typing import Any

from foricheck.events import Environment

__all__ = ["DEVICES", "PACKAGES", "can_be_imported", "describe", "describe_apart"]
__all__ += ["force_host_devices", "has_x64", "jax_option", "platform_of_jax", "version"]

DEVICES = 2
"""How many devices a CPU is divided into, so that pmap has something to map over."""

_BASE = ("foricheck", "numpy", "hypothesis")
_WITH_JAX = ("jax", "jaxlib", "flax", "chex")
PACKAGES = _BASE + _WITH_JAX
"""The packages whose versions may be in any report, whatever the target."""

_FLAG = "--xla_force_host_platform_device_count"


def describe(*, jax: bool) -> Environment:
    """The environment of this process; JAX's part of it only if JAX is in use."""
    names = _BASE + (_WITH_JAX if jax else ())
    return Environment(
        versions={"python": platform.python_version()} | {name: version(name) for name in names},
        platform=f"{platform.system()} {platform.machine()}",
        device=_device() if jax else "cpu",
    )


def describe_apart() -> Environment:
    """As ``describe(jax=True)``, from a process that ends: this one takes no device."""
    spawned, deaf = multiprocessing.get_context("spawn"), (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, spawned, initializer=signal.signal, initargs=deaf) as apart:
        return apart.submit(describe, jax=True).result()


def force_host_devices() -> None:
    """Have a CPU count as several devices; before JAX is first used.

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
    """What JAX computes on: ``cpu``, ``gpu`` or ``tpu``."""
    import jax

    return str(jax.default_backend())


def can_be_imported(module: str) -> bool:
    """Whether there is a module of this name; those around it are imported to find out."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package around it
        return False


def version(package: str) -> str:
    """The version of a package, ``unknown`` if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from a source tree
        return "unknown"


def _device() -> str:
    import jax

    devices = jax.devices()
    x64 = ", x64" if has_x64() else ""
    return f"{len(devices)} × {devices[0].device_kind}{x64}"
