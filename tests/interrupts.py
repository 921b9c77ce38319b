"""Processes that are started with the default disposition of SIGINT, or with SIGINT ignored."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["ignoring_interrupts", "interruptible"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes that are started inside have the default disposition of SIGINT."""
    with _disposition(signal.default_int_handler):
        yield


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Processes that are started inside ignore SIGINT, unless they decide otherwise."""
    with _disposition(signal.SIG_IGN):
        yield


@contextmanager
def _disposition(handler: Any) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
