"""Processes that SIGINT interrupts, even where the tests themselves ignore it, as under ``nohup``.

An ignored signal is inherited: foricheck leaves it ignored then, as every program should.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["interruptible"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes that are started inside have the default disposition of SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
