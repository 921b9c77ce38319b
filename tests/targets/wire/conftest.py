"""Harnesses for tests, and the command line as a person runs it."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from foricheck.targets.wire.client import Client
from foricheck.targets.wire.process import end_all

Ended = subprocess.CompletedProcess[str]

_HARNESS = Path(__file__).parent / "harness.py"


def command(trouble: str = "") -> str:
    """What starts the harness of the tests, with this trouble."""
    return shlex.join([sys.executable, str(_HARNESS), *([trouble] if trouble else [])])


def target(trouble: str = "") -> str:
    return f"exec:{command(trouble)}"


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Client]]:
    """Start a client of the harness with some trouble, in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def started(trouble: str = "", *, timeout: float = 20.0) -> Client:
        return Client(command(trouble), timeout=timeout)

    yield started
    end_all()


def soon(holds: Callable[[], Any], *, seconds: float = 60.0) -> bool:
    """Whether it holds, if need be after a while: other processes have their own pace."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(holds())


def foricheck(*arguments: str, directory: Path) -> Ended:
    """The command line, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "foricheck", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
    )
