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
    with _disposition(signal.SIGINT, signal.default_int_handler):
        yield


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Processes that are started inside ignore SIGINT, unless they decide otherwise.

    A hang-up ends them, even if the tests run under ``nohup``.
    """
    with _disposition(signal.SIGINT, signal.SIG_IGN), _disposition(signal.SIGHUP, signal.SIG_DFL):
        yield


@contextmanager
def _disposition(number: int, handler: Any) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)
