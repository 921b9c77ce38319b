"""A harness driven over pipes, with nothing of the client of ``exec:`` in between."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from foricheck.cases.arrays import decode
from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.targets.wire.cases import of_loops, of_recurrences

Command = Sequence[str]
Json = Any

HELLO = {"type": "hello", "protocol": 1}
_CASES = 256


class Harness:
    """One harness, which answers a line with a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, message: Json) -> Json:
        """What it answers to a message."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(message) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())

    def results(self, cases: Sequence[Json]) -> list[Json]:
        """The result of each case, asked for in several messages."""
        results = []
        for start in range(0, len(cases), _CASES):
            message = {"type": "run", "id": start, "cases": cases[start : start + _CASES]}
            answer = self.ask(message)
            assert (answer["type"], answer["id"]) == ("results", start)
            results += answer["results"]
        return results

    def result(self, case: Json) -> Json:
        """The result of one case."""
        return self.results([case])[0]

    def loops(self, cases: LoopBatch, *, nested: bool = False) -> Array:
        """The registers at the end of each case."""
        return _leaf_of_each(self.results(of_loops(cases, nested=nested)))

    def recurrences(self, cases: RecurrenceBatch) -> Array:
        """The last state of each case."""
        return _leaf_of_each(self.results(of_recurrences(cases)))


@contextmanager
def started(command: Command) -> Iterator[Harness]:
    """A harness that runs until the end; it must then end by itself, with status 0."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Harness(process)
            assert process.stdin
            process.stdin.close()
            assert process.wait(10) == 0
        finally:
            process.kill()


def end(command: Command, text: str) -> subprocess.CompletedProcess[str]:
    """How the harness ends when it reads this text and no more."""
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=30)


def _leaf_of_each(results: list[Json]) -> Array:
    return np.stack([decode(leaf) for result in results for leaf in result["value"]])
