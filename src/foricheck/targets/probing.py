"""Find out whether a recurrence can be traced, and whether a loop takes ``unroll``.

The documented solution takes ``int(T)``, so a traced T is more than the documents require: a
target that cannot be traced is not wrong, but judged case by case.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.comparison.refusals import in_a_line
from foricheck.targets.jax import config

__all__ = ["why_not_traced", "why_not_unrolled"]


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


def why_not_unrolled(loop: Callable[..., Any]) -> str:
    """Why a loop does not take the keyword ``unroll``, in one line; ``""`` where it does.

    Where its signature does not show this, as that of ``def f(*args, **kwargs)``, it is called.
    """
    parameters = _parameters(loop)
    kinds = {each.kind for each in parameters.values()}
    if "unroll" in parameters:
        return ""
    if parameters and inspect.Parameter.VAR_KEYWORD not in kinds:
        return "it has no parameter of this name"
    try:
        loop(0, 1, lambda i, c: c, np.zeros(2, np.int32), unroll=1)
    except BaseException as error:  # any error means no
        return in_a_line(error)
    return ""


def _parameters(call: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(call).parameters)
    except (TypeError, ValueError):  # a builtin without a signature
        return {}
