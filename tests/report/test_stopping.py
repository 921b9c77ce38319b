"""A run ends early after some failures, or where all others would follow from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from foricheck.cli.stopping import Stopping, until
from foricheck.evidence.failure import Failure
from foricheck.judging.events import Event, RuleFinished, RuleResult, RunFinished, RunStarted

from .fake_runs import failure, header, result

RULES = ("CARRY-01", "ITER-01", "ITER-02", "ITER-03")
EVERYWHERE = failure(variant="traced-with-jit")


def events(*failed: str, how: Failure = EVERYWHERE) -> Iterator[Event]:
    yield RunStarted(header(RULES))
    for id in RULES:
        yield RuleFinished(_result(id, how) if id in failed else result(id))
    yield RunFinished("nonconformant" if failed else "conformant")


def _result(id: str, how: Failure) -> RuleResult:
    return result(id, "failed", failure=replace(how, rule=id))


def judged(stream: Iterator[Event], stopping: Stopping) -> list[str]:
    found = until(stream, stopping)
    return [event.result.id for event in found if isinstance(event, RuleFinished)]


def notes(stream: Iterator[Event], stopping: Stopping) -> str:
    (end,) = (each for each in until(stream, stopping) if isinstance(each, RunFinished))
    return " ".join(end.notes)


def test_nothing_ends_a_run_without_failures() -> None:
    assert judged(events(), Stopping(after=1)) == list(RULES)


def test_other_failures_do_not_end_a_run() -> None:
    assert judged(events("CARRY-01", "ITER-02"), Stopping()) == list(RULES)


def test_a_run_ends_after_as_many_failures_as_were_asked_for() -> None:
    assert judged(events("CARRY-01", "ITER-02"), Stopping(after=2)) == list(RULES[:3])


def test_a_run_ends_where_the_index_recorder_is_wrong() -> None:
    assert judged(events("ITER-01"), Stopping()) == list(RULES[:2])


def test_it_goes_on_there_if_asked_to() -> None:
    assert judged(events("ITER-01"), Stopping(keep_going=True)) == list(RULES)


def test_it_goes_on_if_only_an_unusual_variant_is_wrong() -> None:
    unusual = failure(variant="static-with-pmap")
    assert judged(events("ITER-01", how=unusual), Stopping()) == list(RULES)


@pytest.mark.parametrize(
    "told", ["stopped at ITER-01", "--keep-going", "rules not judged: 2 (ITER-02, ITER-03)"]
)
def test_the_report_says_what_was_not_judged_and_why(told: str) -> None:
    assert told in notes(events("ITER-01"), Stopping())
