"""``hk.fori_loop``, which can be called inside ``hk.transform`` alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import haiku as hk

from .written import written

__all__ = ["in_apply", "in_init"]


def _in_apply(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Loops in an apply, as after the parameters have been made."""
    loop = hk.transform(hk.fori_loop)
    return loop.apply({}, None, lower, upper, body_fun, init_val)


def _in_init(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Loops in an init, where parameters are made; init drops what it returns, so it is kept."""
    kept = []
    hk.transform(lambda: kept.append(hk.fori_loop(lower, upper, body_fun, init_val))).init(None)
    return kept[0]


in_apply = written(_in_apply, imports="import haiku as hk")
in_init = written(
    _in_init,
    imports="import haiku as hk",
    without=("one_trace",),  # the first iteration is run by itself, so that state comes to be
)
