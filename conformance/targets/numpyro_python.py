"""``numpyro.util.fori_loop`` with Python control flow, as used for debugging models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpyro import util

from .written import written

__all__ = ["loop"]


def _loop(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    with util.control_flow_prims_disabled():
        return util.fori_loop(lower, upper, body_fun, init_val)


loop = written(
    _loop,
    imports="from numpyro import util",
    # It is ``for i in range(int(lower), int(upper))``: it checks nothing and copies nothing. With
    # Python control flow, NumPyro does not compile either (``numpyro.util.maybe_jit``).
    without=("traced", "jit", "pmap", "refuse", "copies", "one_trace", "one_while"),
)
