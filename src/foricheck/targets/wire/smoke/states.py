"""The check of a recurrence: no trips give x back, whatever the weights are.

A wrong recurrence may run a step there, or start with zeros. The rules judge that; here it is
distinguished from numbers that the harness reads or writes wrongly.
"""

from __future__ import annotations

import numpy as np

from foricheck.cases.batch import Array
from foricheck.comparison.trees import difference
from foricheck.oracle.recurrence import recurrence, weights
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.messages import UnsupportedAnswer, Value, compact
from foricheck.targets.wire.smoke.cases import final
from foricheck.targets.wire.smoke.findings import must_not_crash, show_result

__all__ = ["no_trips", "seems_wrong"]

_X = np.array([0.5, -0.25, 1e-3, -0.0, 1.0], np.float32)
_SPECIAL = np.array([np.nan, -0.0, np.inf, -np.inf, 2**-149, 3.4e38], np.float32)
_CLOSE = 1e-3
"""Far more than the error of a right step; far less than the change of x by a step."""


def seems_wrong(client: Client) -> str:
    """The behaviour of the recurrence without a trip, if it is a usual mistake, or ``""``."""
    (result,) = client.ask([compact(final(_X))])
    if not isinstance(result, Value) or len(result.leaves) != 1:
        return ""
    leaf = result.leaves[0]
    if (leaf.dtype, leaf.shape) != (_X.dtype, _X.shape) or difference(_X, leaf) is None:
        return ""
    if not leaf.any():
        return "for T = 0 the recurrence gives zeros, not x"
    return "for T = 0 the recurrence takes a step" if _is_a_step(leaf) else ""


def no_trips(client: Client) -> str:
    """The error in x after no trips, or ``""``."""
    wide = np.linspace(-1, 1, 513, dtype=np.float32)
    for x in (_X, _SPECIAL, wide):
        (result,) = client.ask([compact(final(x))])
        if isinstance(result, UnsupportedAnswer):
            return ""
        must_not_crash(result, "a recurrence of no trips")
        if not isinstance(result, Value) or len(result.leaves) != 1:
            return f"x of length {len(x)} gave {show_result(result)}"
        if found := difference(x, result.leaves[0], "x"):
            return f"{found.path} came back as {found.got}, not {found.expected}"
    return ""


def _is_a_step(leaf: Array) -> bool:
    x = _X.astype(np.float64)
    steps = [recurrence(weights(7, len(x)), x, T) for T in (1, 2)]
    return any(bool(np.allclose(leaf, step, atol=_CLOSE)) for step in steps)
