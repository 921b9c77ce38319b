"""The signals that ask foricheck to end. The first one counts, wherever it arrives.

It raises `Stopped` once. Until `at_the_end`, that may be anywhere; from then on signals are
ignored, so that workers are ended and reports are written whole. The third signal ends the process
at once. An ignored SIGINT is handled too: a shell ignores it for what runs in the background.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stopped", "at_the_end", "blocked", "handle", "restore"]

_IMPATIENT = 3
"""The signal of this number ends the process."""

_NAMED = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up"}
_WORDS = {signal.Signals[name]: word for name, word in _NAMED.items() if hasattr(signal, name)}
_previous: dict[int, object] = {}
_count = 0
_obeyed = False


class Stopped(KeyboardInterrupt):
    """A signal has asked the process to end.

    Attributes:
        status: the exit status, as a shell reports a process ended by the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(_WORDS[signal.Signals(number)])
        self.status = 128 + number


def handle() -> None:
    """Handle the signals from now on, in the main thread of a process."""
    global _count, _obeyed
    _count, _obeyed = 0, False
    if _previous or threading.current_thread() is not threading.main_thread():
        return
    for number in _WORDS:
        if number.name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            _previous[number] = signal.signal(number, _obey)


def restore() -> None:
    """Handle the signals as before `handle`."""
    while _previous:
        number, handler = _previous.popitem()
        signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal returned


def at_the_end() -> None:
    """Ignore what arrives from now on, up to the third signal: the process is about to end."""
    global _obeyed
    _obeyed = True


@contextmanager
def blocked() -> Iterator[None]:
    """Keep the signals waiting; a process that is started meanwhile keeps them waiting too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WORDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _obey(number: int, frame: FrameType | None) -> None:
    global _count, _obeyed
    _count += 1
    if _count >= _IMPATIENT:
        os._exit(128 + number)
    if not _obeyed:
        _obeyed = True
        raise Stopped(number)
