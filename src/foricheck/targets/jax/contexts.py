"""What of JAX may be set around a call of a loop, and changes nothing of what it gives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax

__all__ = ["CONTEXTS"]

Context = Callable[[], AbstractContextManager[Any]]


def _with_64_bits() -> AbstractContextManager[Any]:
    module: Any = jax if hasattr(jax, "enable_x64") else jax.experimental  # by version
    made: AbstractContextManager[Any] = module.enable_x64(True)
    return made


CONTEXTS: dict[str, Context] = {
    "none": nullcontext,
    "strict promotion": lambda: jax.numpy_dtype_promotion("strict"),
    "debug nans": lambda: jax.debug_nans(True),
    "rbg keys": lambda: jax.default_prng_impl("rbg"),
    "64 bits": _with_64_bits,
    "second device": lambda: jax.default_device(jax.devices()[-1]),
}
"""By name; a case has one of them."""
