"""What a recurrence can do is found by asking it, without compiling anything.

The documented solution takes ``int(T)``, so a traced T is more than the documents ask for: a
target that cannot be traced is not wrong, only judged case by case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.targets.jax import config

__all__ = ["can_be_traced"]


def can_be_traced(recurrence: Callable[..., Any]) -> bool:
    """Whether seed, x and T may be traced, in the precision that JAX has."""
    import jax

    wide = config.has_x64()
    seed = jax.ShapeDtypeStruct((), "int64" if wide else "uint32")
    x = jax.ShapeDtypeStruct((3,), "float64" if wide else "float32")
    T = jax.ShapeDtypeStruct((), "int64" if wide else "int32")
    try:
        jax.eval_shape(lambda seed, x, T: recurrence(seed, x, 3, T), seed, x, T)
    except Exception:  # any error means no; a call with numbers will tell what is wrong
        return False
    return True
