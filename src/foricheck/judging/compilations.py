"""Counting what XLA compiles."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Counter", "forget"]

_COMPILED = "/jax/core/compile/backend_compile_duration"
_FOUND = "/jax/compilation_cache/cache_hits"


def forget() -> None:
    """Clear JAX's caches of compiled programs, which it would keep in memory."""
    if "jax" in sys.modules:
        import jax

        jax.clear_caches()


class Counter:
    """Counts the programs compiled from now on; always 0 where JAX is not loaded.

    Attributes:
        count: the programs that XLA compiled.
        cached: the programs that were found in the cache of compiled programs.
    """

    def __init__(self) -> None:
        self.cached = 0
        self._made = 0
        if "jax" in sys.modules:
            import jax.monitoring

            jax.monitoring.register_event_duration_secs_listener(self._made_one)
            jax.monitoring.register_event_listener(self._found_one)

    @property
    def count(self) -> int:
        """How many programs XLA compiled."""
        return self._made - self.cached

    def _made_one(self, event: str, duration_secs: float, **_: Any) -> None:
        self._made += event == _COMPILED  # JAX also reports a program found in the cache

    def _found_one(self, event: str, **_: Any) -> None:
        self.cached += event == _FOUND
