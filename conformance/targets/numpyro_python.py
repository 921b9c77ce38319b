"""``numpyro.util.fori_loop`` where control flow is Python's, as it is while a model is debugged."""

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
    # It is ``for i in range(int(lower), int(upper))``: it looks at nothing and copies nothing.
    # Where control flow is Python's, NumPyro does not compile either (``numpyro.util.maybe_jit``).
    without=("traced", "jit", "pmap", "refuse", "copies", "one_trace", "one_while"),
)
