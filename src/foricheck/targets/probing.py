"""Find out whether a recurrence can be traced, without compiling anything.

The documented solution takes ``int(T)``, so a traced T is more than the documents require: a
target that cannot be traced is not wrong, but judged case by case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.comparison.refusals import in_a_line
from foricheck.targets.jax import config

__all__ = ["why_not_traced"]


def why_not_traced(recurrence: Callable[..., Any]) -> str:
    """Why seed, x and T may not all be traced, in one line; ``""`` where they may.

    They are traced in the precision that JAX has.
    """
    import jax

    wide = config.has_x64()
    seed = jax.ShapeDtypeStruct((), "int64" if wide else "uint32")
    x = jax.ShapeDtypeStruct((3,), "float64" if wide else "float32")
    T = jax.ShapeDtypeStruct((), "int64" if wide else "int32")
    try:
        jax.eval_shape(lambda seed, x, T: recurrence(seed, x, 3, T), seed, x, T)
    except Exception as error:  # any error means no; a call with numbers shows what is wrong
        return in_a_line(error)
    return ""
