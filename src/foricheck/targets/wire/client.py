"""The client of a harness: it starts it, exchanges hellos, and has it run many cases a message."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from foricheck.comparison.violations import Unanswered
from foricheck.errors import RequestError
from foricheck.targets.wire import messages
from foricheck.targets.wire.command import start
from foricheck.targets.wire.messages import Hello, ProtocolError, Result
from foricheck.targets.wire.pace import Pace
from foricheck.targets.wire.process import GRACE, HarnessLost, HarnessSilent, Process

__all__ = ["WORK", "Client", "OnHarness"]

WORK = 2**26
"""The work of a message, in multiplications, unless a single case exceeds it."""

OnHarness = Callable[[int], None]
"""Called with the process group of a harness, when it starts and while it answers."""

Read = TypeVar("Read")

_CASES = 256
_BYTES = 2**20
_LOSSES = 3
_PAUSE = 1.0
"""Seconds between two reports that the harness answers."""


class Client:
    """One harness, which is restarted a few times when it is lost.

    Args:
        command: starts it, see `foricheck.targets.wire.command`.
        timeout: seconds that an answer may take.
        on_harness: called when the harness starts and while it answers.

    Attributes:
        hello: its description of itself.

    Raises:
        RequestError: it cannot be started, or sends no valid hello.
    """

    def __init__(
        self, command: str, *, timeout: float = 60.0, on_harness: OnHarness = lambda group: None
    ) -> None:
        self._command, self._timeout = command, timeout
        self._on_harness, self._reported = on_harness, 0.0
        self._losses, self._asked = 0, 0
        self._process: Process | None = None
        try:
            self.hello = self._greeted()
        except HarnessLost as lost:
            raise RequestError(f"the harness {lost}{_advice(lost)}") from None
        self._pace = Pace(most=min(_CASES, self.hello.max_cases or _CASES), timeout=timeout)

    @property
    def is_given_up(self) -> bool:
        """Whether it has been lost too often to be restarted."""
        return self._process is None and self._losses >= _LOSSES

    def __call__(self, cases: Sequence[Any], work: Sequence[int] | None = None) -> list[Result]:
        """The results of the cases, sent in as many messages as necessary.

        Cases that are not answered in time together are sent again, one by one.

        Args:
            cases: as in ``conformance/schemas/case-1.json``.
            work: of each case, in multiplications; by default negligible.

        Raises:
            Unanswered: a single case was not answered in time.
            HarnessLost: it is gone, or violated the protocol.
        """
        texts = [messages.compact(case) for case in cases]
        work = work or [0] * len(texts)
        results: list[Result] = []
        while (done := len(results)) < len(texts):
            count = _count(texts[done:], work[done:], most=self._pace.size)
            results += self._paced(texts[done : done + count])
        return results

    def ask(self, cases: Sequence[str], *, id: int | None = None) -> list[Result]:
        """As a call, in one message, for cases that are already JSON.

        Args:
            cases: the text of each.
            id: of the message; by default the next number.

        Raises:
            HarnessLost: it is gone, was silent for too long, or violated the protocol.
        """
        if self._process is None:
            self._start_again()
        self._asked += 1
        number = self._asked if id is None else id
        read = partial(messages.read_results, id=number, count=len(cases))
        return self._answered(messages.run(number, cases), read)

    def _paced(self, part: Sequence[str]) -> list[Result]:
        """The results of a message; none if it was not answered in time, and has several cases."""
        started = time.monotonic()
        try:
            results = self.ask(part)
        except HarnessSilent:
            self._losses -= 1  # slowness is no loss
            if len(part) == 1:
                raise Unanswered(self._timeout) from None
            self._pace.missed(len(part))
            return []
        self._pace.answered(len(part), time.monotonic() - started)
        return results

    def close(self, *, seconds: float = GRACE) -> int | None:
        """End the harness.

        Args:
            seconds: how long it has to exit by itself.

        Returns:
            Its exit status; None if it had to be killed, or was lost before.
        """
        process, self._process = self._process, None
        return process.end(seconds=seconds) if process else None

    def _start_again(self) -> None:
        if self.is_given_up:
            raise HarnessLost(f"was lost {self._losses} times and is not started again")
        try:
            self._greeted()
        except RequestError as error:
            raise HarnessLost(f"could not be started again: {error}") from None

    def _greeted(self) -> Hello:
        self._process = start(self._command)
        self._report()
        return self._answered(messages.HELLO, messages.read_hello)

    def _answered(self, message: str, read: Callable[[bytes], Read]) -> Read:
        """Send a message and read the answer."""
        assert self._process is not None
        try:
            line = self._process.exchange(message.encode(), seconds=self._timeout)
            answer = read(line)
        except ProtocolError as error:
            self._lose()
            raise HarnessLost(f"answered {error}") from None
        except HarnessLost:
            self._lose()
            raise
        if time.monotonic() >= self._reported + _PAUSE:
            self._report()
        return answer

    def _report(self) -> None:
        assert self._process is not None
        self._reported = time.monotonic()
        self._on_harness(self._process.group)

    def _lose(self) -> None:
        self._losses += 1
        if self._process:
            self._process.kill()
        self._process = None


def _count(texts: Sequence[str], work: Sequence[int], *, most: int) -> int:
    """How many of the cases fit into one message: one at least."""
    size = total = 0
    for count, (text, each) in enumerate(zip(texts, work, strict=True)):
        size, total = size + len(text), total + each
        if count and (count == most or size > _BYTES or total > WORK):
            return count
    return len(texts)


def _advice(how: HarnessLost) -> str:
    """A hint at the usual reason for initial silence."""
    return ": does it flush what it writes?" if isinstance(how, HarnessSilent) else ""
