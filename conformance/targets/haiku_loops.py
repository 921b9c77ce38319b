"""``hk.fori_loop``, which can only be called inside ``hk.transform``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import haiku as hk

from .written import written

__all__ = ["in_apply", "in_init"]


def _in_apply(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Run the loop in apply, which is called after the parameters are initialized."""
    loop = hk.transform(hk.fori_loop)
    return loop.apply({}, None, lower, upper, body_fun, init_val)


def _in_init(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Run the loop in init, which discards the function's result, so it is stored."""
    kept = []
    hk.transform(lambda: kept.append(hk.fori_loop(lower, upper, body_fun, init_val))).init(None)
    return kept[0]


in_apply = written(_in_apply, imports="import haiku as hk")
in_init = written(
    _in_init,
    imports="import haiku as hk",
    without=("one_trace",),  # the first iteration runs separately to create state
)
