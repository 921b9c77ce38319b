"""The environment of a run: versions, platform, device."""

from __future__ import annotations

import multiprocessing
import platform
import signal
from concurrent.futures import ProcessPoolExecutor

from foricheck.judging.events import Environment
from foricheck.targets.distributions import version
from foricheck.targets.jax import flags
from foricheck.targets.jax.config import has_x64, must_be_usable

__all__ = ["PACKAGES", "describe", "describe_apart"]


_BASE = ("foricheck", "numpy", "hypothesis")
_WITH_JAX = ("jax", "jaxlib", "flax", "chex")
PACKAGES = _BASE + _WITH_JAX
"""The packages whose versions a report can have, whatever the target."""


def describe(*, jax: bool) -> Environment:
    """The environment of this process, with JAX's part only if JAX is in use."""
    names = _BASE + (_WITH_JAX if jax else ())
    found = flags.of_this_process() if jax else flags.Flags()
    return Environment(
        versions={"python": platform.python_version()} | {name: version(name) for name in names},
        platform=f"{platform.system()} {platform.machine()}",
        device=_device() if jax else "cpu",
        flags=found.honoured,
        set_back=found.set_back,
    )


def describe_apart() -> Environment:
    """As ``describe(jax=True)``, from another process, so that this one holds no device."""
    spawned, ignoring = multiprocessing.get_context("spawn"), (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, spawned, initializer=signal.signal, initargs=ignoring) as apart:
        return apart.submit(describe, jax=True).result()


def _device() -> str:
    must_be_usable()
    import jax

    devices = jax.devices()
    x64 = ", x64" if has_x64() else ""
    return f"{len(devices)} × {devices[0].device_kind}{x64}"
