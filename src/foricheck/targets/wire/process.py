"""A harness as a process: a line in, a line out, and an end that no child survives.

Everything is bounded: the length of a line, the time for an answer, and the part of standard error
that is kept. One selector serves the three pipes, so that the two sides cannot deadlock.
"""

from __future__ import annotations

import atexit
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO

from foricheck.targets.wire.stderr import Kept

__all__ = ["FROM_OUTSIDE", "GRACE", "LONGEST", "HarnessKilled", "HarnessLost", "HarnessSilent"]
__all__ += ["Process", "end_all", "end_group"]

LONGEST = 8 * 2**20
"""The maximum length of a line, in bytes."""

GRACE = 0.5
"""Seconds that a harness has to exit by itself after its input has ended."""

_CHUNK = 2**16


class HarnessLost(BaseException):
    """The harness is gone, or no longer usable; the message says how: ``was killed by SIGKILL``.

    Not an `Exception`: it is no answer of a harness, and no failure to shrink.
    """


_NAMED = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
FROM_OUTSIDE = frozenset(signal.Signals[name] for name in _NAMED if hasattr(signal, name))
"""The signals that others send: a person, or a system that runs out of memory."""


class HarnessKilled(HarnessLost):
    """The harness was ended by a signal that may have come from outside."""


class HarnessSilent(HarnessLost):
    """The harness gave no answer in time, and was killed."""


class Process:
    """A running harness, in its own session.

    Args:
        arguments: the command and its arguments.

    Raises:
        OSError: the command cannot be started.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._received, self._words = bytearray(), Kept()
        self._unsent = memoryview(b"")
        self._selector = selectors.DefaultSelector()
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(
            arguments, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, start_new_session=True
        )
        _living.add(self)
        try:
            self._reads(_pipe(self._child.stdout), self._take_answer)
            self._reads(_pipe(self._child.stderr), self._take_words)
            os.set_blocking(_pipe(self._child.stdin).fileno(), False)
        except BaseException:  # the system has no more watches, or an interrupt
            self.kill()
            raise

    @property
    def group(self) -> int:
        """The process group of the harness and its children."""
        return self._child.pid

    def exchange(self, line: bytes, *, seconds: float) -> bytes:
        """Send a line and receive one, both without line ends.

        Args:
            line: to send.
            seconds: the time limit.

        Raises:
            HarnessSilent: no answer arrived in time; the process has been killed.
            HarnessLost: it ended, or broke the protocol; likewise.
        """
        try:
            return self._exchange(line, seconds)
        except HarnessLost:
            self.kill()
            raise

    def end(self, *, seconds: float = GRACE) -> int | None:
        """Close its input, and kill it unless it exits by itself.

        Args:
            seconds: the time it has for that.

        Returns:
            The exit status; None if it had to be killed.
        """
        _pipe(self._child.stdin).close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(seconds)
        status = self._child.returncode
        self.kill()
        return status

    def kill(self) -> None:
        """Kill it and its children."""
        if self not in _living:
            return
        end_group(self.group)
        self._child.wait()
        _living.discard(self)  # not before: a wait that is interrupted is repeated at the end
        self._selector.close()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            _pipe(pipe).close()

    def _exchange(self, line: bytes, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        self._words = Kept()  # what it wrote before has nothing to do with this answer
        if self._received:
            raise HarnessLost("wrote more than one answer to a message")
        self._send(line)
        while (end := self._received.find(b"\n")) < 0:
            self._wait(until, seconds)
        if self._unsent:
            raise HarnessLost("answered before it had read the whole message")
        answer = bytes(self._received[:end])
        del self._received[: end + 1]
        return answer

    def _send(self, line: bytes) -> None:
        self._unsent = memoryview(line + b"\n")
        stdin = _pipe(self._child.stdin)
        self._selector.register(stdin, selectors.EVENT_WRITE, self._write)

    def _wait(self, until: float, seconds: float) -> None:
        """Wait until a pipe is ready, and serve those that are."""
        left = until - time.monotonic()
        if left <= 0:
            raise HarnessSilent(f"was silent for {seconds:g} seconds{self._saying()}")
        for key, _ in self._selector.select(left):
            key.data()

    def _write(self) -> None:
        stdin = _pipe(self._child.stdin)
        try:
            self._unsent = self._unsent[os.write(stdin.fileno(), self._unsent[:_CHUNK]) :]
        except BrokenPipeError:
            self._unsent = memoryview(b"")  # it reads no more; its output will show why
        if not self._unsent:
            self._selector.unregister(stdin)

    def _take_answer(self) -> None:
        read = os.read(_pipe(self._child.stdout).fileno(), _CHUNK)
        if not read:
            how = self._how_it_ended()
            killed = -(self._child.returncode or 0) in FROM_OUTSIDE
            raise HarnessKilled(how) if killed else HarnessLost(how)
        self._received += read
        if len(self._received) > LONGEST and b"\n" not in self._received[:LONGEST]:
            raise HarnessLost(f"answered a line of more than {LONGEST // 2**20} MiB")

    def _take_words(self) -> None:
        stderr = _pipe(self._child.stderr)
        read = os.read(stderr.fileno(), _CHUNK)
        if not read:
            self._selector.unregister(stderr)
        self._words.add(read)

    def _how_it_ended(self) -> str:
        try:
            status = self._child.wait(GRACE)
        except subprocess.TimeoutExpired:
            return f"closed its standard output{self._saying()}"
        self._take_last_words()
        if status < 0:
            return f"was killed by {_signal(-status)}{self._saying()}"
        return f"exited with status {status}{self._saying()}"

    def _take_last_words(self) -> None:
        with suppress(BlockingIOError):
            while read := os.read(_pipe(self._child.stderr).fileno(), _CHUNK):
                self._words.add(read)

    def _saying(self) -> str:
        words = str(self._words)
        return f", saying {words!r}" if words else ""

    def _reads(self, pipe: IO[bytes], take: Callable[[], None]) -> None:
        os.set_blocking(pipe.fileno(), False)
        self._selector.register(pipe, selectors.EVENT_READ, take)


_living: set[Process] = set()


@atexit.register
def end_all() -> None:
    """End every harness of this process; runs also at exit."""
    for process in list(_living):
        process.end()


def end_group(group: int) -> None:
    """Kill all processes of a group, if any are left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("Popen opens all three")
    return pipe


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a number without a name
        return f"signal {number}"
