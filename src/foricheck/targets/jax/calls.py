"""One call of a target over JAX arrays, up to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.comparison.refusals import answered

__all__ = ["answer"]


def answer(call: Callable[[], Any]) -> Any:
    """What the call returns, once it is computed.

    Raises:
        Refused: the target raised.
    """
    return answered(lambda: jax.block_until_ready(call()))
