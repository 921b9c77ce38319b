"""One call of a target over JAX arrays, waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from foricheck.targets.subject import Refused

__all__ = ["answer"]


def answer(call: Callable[[], Any]) -> Any:
    """What the call returns, once it is computed.

    Raises:
        Refused: the target raised.
    """
    try:
        return jax.block_until_ready(call())
    except (
        Exception,
        SystemExit,
        GeneratorExit,
    ) as error:  # what it has to say
        raise Refused from error
