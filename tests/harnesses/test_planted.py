"""A mistake in a harness is found, and by the rule that tells what it is."""

from __future__ import annotations

import shlex
from contextlib import closing
from pathlib import Path

import pytest

from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event
from foricheck.report.report import Report
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.target import of_client

from . import planted
from .languages import LANGUAGES
from .planted import Planted


def judged(command: list[str], rules: str) -> Report:
    """What some rules say of a harness."""
    line = shlex.join(command)
    with closing(Client(line, timeout=10)) as client:
        target = of_client(client, line, name="exec", kind=None, without=())
        plan = planning.plan(target, pattern=rules, profile="quick", seed=0, expected={})
        heard: list[Event] = []
        running.run(plan, heard.append)
    return Report.of(heard)


def must_be_caught(bug: Planted, language: str, directory: Path) -> None:
    """Its rule fails on a copy of the sources that has it."""
    made = LANGUAGES[language]
    report = judged(made.command(directory, bug.plant), bug.caught_by)
    assert [result.id for result in report.failures] == [bug.caught_by], report


def named(bug: Planted) -> str:
    return bug.name


@pytest.mark.parametrize("bug", planted.C, ids=named)
def test_in_c(bug: Planted, tmp_path: Path) -> None:
    must_be_caught(bug, "c", tmp_path)


@pytest.mark.parametrize("bug", planted.JAVASCRIPT, ids=named)
def test_in_javascript(bug: Planted, tmp_path: Path) -> None:
    must_be_caught(bug, "javascript", tmp_path)


@pytest.mark.parametrize("bug", planted.PYTHON, ids=named)
def test_in_python(bug: Planted, tmp_path: Path) -> None:
    must_be_caught(bug, "python", tmp_path)
