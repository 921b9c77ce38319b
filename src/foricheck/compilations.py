"""Counting what XLA compiles."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Counter"]

_EVENT = "/jax/core/compile/backend_compile_duration"


class Counter:
    """Counts the programs that XLA compiles from now on; 0 for ever where JAX is not loaded."""

    def __init__(self) -> None:
        self.count = 0
        if "jax" in sys.modules:
            import jax.monitoring

            jax.monitoring.register_event_duration_secs_listener(self._heard)

    def _heard(self, event: str, duration_secs: float, **_: Any) -> None:
        self.count += event == _EVENT
