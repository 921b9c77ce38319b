"""The client: many cases in few messages, a bounded time, and an end that leaves nothing."""

from __future__ import annotations

import errno
import json
import os
import re
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foricheck.comparison.violations import Unanswered
from foricheck.errors import RequestError
from foricheck.strategies.choices import spread
from foricheck.strategies.iter.loops import PROGRAM, programs
from foricheck.targets.wire.cases import of_loops
from foricheck.targets.wire.client import WORK, Client
from foricheck.targets.wire.messages import HELLO, Value
from foricheck.targets.wire.process import HarnessLost, Process, end_all

from . import harness
from .conftest import command, soon

Start = Callable[..., Client]

NESTED = {**of_loops(programs("int32", spread(1, 1, PROGRAM)), nested=True)[0]}
TOO_EARLY = (
    "wrote more than one answer",
    "answered before it had read the whole message",
    "answered results to message 1, not to message 2",
)
"""How an answer too many shows, depending on when it is read."""


def loops(count: int) -> list[Any]:
    return of_loops(programs("int32", spread(7, count, PROGRAM)))


def lost(client: Client, case: Any = NESTED) -> str:
    with pytest.raises(HarnessLost) as how:
        client([case])
    return str(how.value)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started from now on."""
    children: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return children


def is_running(process: int) -> bool:
    """Whether there is such a process; one that waits to be reaped is none."""
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class TestMessages:
    def test_results_come_in_the_order_of_the_cases(self, start: Start) -> None:
        cases = loops(600)
        answers = start()(cases)
        for answer, right in zip(answers, harness.results(cases), strict=True):
            assert isinstance(answer, Value)
            assert answer.leaves[0].tobytes().hex() == right["value"][0]["hex"]

    def test_many_cases_take_few_messages(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = self.sizes(start(), monkeypatch, loops(600))
        assert sizes == [1, 4, 16, 64, 256, 256, 3]

    def test_a_message_has_no_more_cases_than_the_harness_declares(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.sizes(start("declares-limits"), monkeypatch, loops(14)) == [1, 4, 5, 4]

    def test_cases_that_ask_for_much_go_alone(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work = [0, WORK // 2, WORK // 2, WORK, 5 * WORK, 0]
        client = start()
        client(loops(5))
        assert self.sizes(client, monkeypatch, loops(6), work) == [3, 1, 1, 1]

    def test_a_message_is_not_much_larger_than_a_mebibyte(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        x = np.zeros(2**17, np.float32)
        cases = [{"kind": "recurrence", "x": x.tobytes().hex()}] * 3
        client = start("only-a-loop")
        client(loops(5))
        monkeypatch.setattr(client, "ask", lambda part: [len(part)] * len(part))
        assert list(map(str, client(cases))) == ["1", "1", "1"]

    def test_a_message_larger_than_a_pipe_holds_goes_both_ways(self, start: Start) -> None:
        cases = [json.dumps(case) for case in loops(2000)]
        assert len(start().ask(cases)) == 2000

    @staticmethod
    def sizes(
        client: Client, monkeypatch: pytest.MonkeyPatch, cases: list[Any], work: Any = None
    ) -> list[int]:
        ask = client.ask
        asked: list[int] = []

        def counted(part: Any) -> Any:
            asked.append(len(part))
            return ask(part)

        monkeypatch.setattr(client, "ask", counted)
        client(cases, work)
        return asked


class TestStarting:
    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("", "exec: names no command; write, for example, 'exec:node harness.mjs'"),
            ("'node", 'the command "\'node" cannot be read: No closing quotation'),
            ("nosuch --x", "the harness cannot be started: there is no command 'nosuch'"),
            ("./nosuch", "the harness cannot be started: there is no file './nosuch'"),
            ("here", "there is no command 'here': write ./here for the one in this directory"),
            ("./here", "the harness './here' is not executable"),
            ("./text", "the harness './text' cannot be started: Exec format error"),
        ],
    )
    def test_what_cannot_be_started_is_told(
        self, typed: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", "/nowhere")  # a PATH may name the directory that one is in
        Path("here").write_text("")
        Path("text").write_text("no program")
        Path("text").chmod(0o755)
        with pytest.raises(RequestError) as error:
            Client(typed)
        assert told in str(error.value)

    @pytest.mark.parametrize(
        ("trouble", "told"),
        [
            (
                "dies-at-start",
                "the harness exited with status 1, saying 'Error: no such library'",
            ),
            ("dies-without-a-word", "the harness exited with status 0"),
            ("silent", "the harness was silent for 1 seconds: does it flush what it writes?"),
            ("banner", "the harness answered a line that is not JSON: 'Welcome to loops 1.0'"),
            ("protocol-2", "the harness answered a hello of protocol 2, not 1"),
            ("protocol-true", "the harness answered a hello of protocol True, not 1"),
            ("no-int32", "the harness answered a hello that is not valid: dtypes without int32"),
        ],
    )
    def test_no_hello_is_told(self, start: Start, trouble: str, told: str) -> None:
        with pytest.raises(RequestError) as error:
            start(trouble, timeout=1.0 if trouble == "silent" else 20.0)
        assert str(error.value) == told


class TestLosses:
    @pytest.mark.parametrize(
        ("trouble", "how"),
        [
            ("is-killed", "was killed by SIGKILL"),
            ("exits", "exited with status 3, saying 'ValueError: no such loop / and more'"),
            ("long-line", "answered a line of more than 8 MiB"),
            ("floods", "answered a line of more than 8 MiB"),
            ("floods-with-lines", "answered a line that is not JSON: 'x'"),
            ("closes-stdout", "closed its standard output"),
            ("no-json", "answered a line that is not JSON: 'Segmentation fault (core dumped)'"),
            ("another-case", "answered results to message 0, not to message 1"),
            ("too-few", "answered 0 results to a message of 1 cases"),
            (
                "odd-hex",
                "answered a malformed array in results[0]: hex is not",
            ),
        ],
    )
    def test_how_it_was_lost_is_told(self, start: Start, trouble: str, how: str) -> None:
        assert lost(start(trouble)).startswith(how)

    @pytest.mark.parametrize("trouble", ["hangs", "floods-stderr"])
    def test_silence_has_an_end(self, start: Start, trouble: str) -> None:
        with pytest.raises(Unanswered, match="no answer to one case within 3 seconds"):
            start(trouble, timeout=3.0)([NESTED])

    def test_cases_that_are_not_answered_together_are_sent_one_by_one(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = start("always-hangs-at-many", timeout=3.0)
        assert TestMessages.sizes(client, monkeypatch, loops(5)) == [1, 4, 1, 1, 1, 1]

    def test_slowness_is_no_loss(self, start: Start) -> None:
        client = start("hangs", timeout=1.0)
        for _ in range(4):
            with pytest.raises(Unanswered):
                client([NESTED])
        assert not client.is_given_up

    def test_another_one_takes_its_place(self, start: Start) -> None:
        client = start("is-killed-once")
        lost(client)
        assert len(client([NESTED])) == 1

    def test_it_is_not_started_for_ever(self, start: Start) -> None:
        client = start("is-killed")
        for _ in range(3):
            lost(client)
        assert lost(client) == "was lost 3 times and is not started again"

    def test_an_answer_too_many_is_noticed(self, start: Start) -> None:
        client = start("answers-twice")
        client([NESTED])
        assert re.match(f"{'|'.join(TOO_EARLY)}", lost(client))

    def test_standard_error_is_never_a_failure(self, start: Start) -> None:
        assert isinstance(start("is-noisy")([NESTED])[0], Value)


class TestTheEnd:
    def test_a_harness_that_ends_with_its_input_exits_with_0(self, start: Start) -> None:
        assert start().close(seconds=20) == 0

    def test_one_that_stays_is_ended(self, start: Start) -> None:
        assert start("stays").close(seconds=0.5) is None

    def test_what_it_has_started_is_ended_as_well(self, start: Start, tmp_path: Path) -> None:
        lost(start("hangs-with-a-child", timeout=5.0))
        child = int((tmp_path / "child.pid").read_text())
        assert soon(lambda: not is_running(child))

    def test_it_is_a_group_of_its_own(self, tmp_path: Path) -> None:
        process = Process([sys.executable, "-c", "input()"])
        assert os.getpgid(process.group) == process.group != os.getpgid(0)
        process.kill()
        assert not is_running(process.group)

    def test_one_whose_pipes_cannot_be_watched_is_ended(
        self, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(selectors.DefaultSelector, "register", full)
        with pytest.raises(RequestError, match="cannot be started: No space left on device"):
            Client(command())
        assert [child.returncode for child in started] == [-signal.SIGKILL]

    def test_an_interrupted_end_is_repeated(
        self, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        process = Process([sys.executable, "-c", "input()"])
        with monkeypatch.context() as patched:
            patched.setattr(started[0], "wait", interrupted)
            with pytest.raises(KeyboardInterrupt):
                process.kill()
        end_all()
        assert started[0].returncode == -signal.SIGKILL

    def test_nothing_is_left_open(self, start: Start) -> None:
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(2):
            lost(start("is-killed"))
            start().close()
        assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_it_is_told_that_the_harness_lives() -> None:
    groups: list[int] = []
    client = Client(command(), on_harness=groups.append)
    client(loops(3))
    client.close()
    assert groups
    assert len(set(groups)) == 1


def test_the_suite_speaks_first() -> None:
    assert json.loads(HELLO) == {"type": "hello", "protocol": 1}
