"""A rule in several variants."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from foricheck.cases.recurrence import Call
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.judging import Judgement
from foricheck.judging import run as running
from foricheck.judging.events import Event, RuleFinished, RuleResult
from foricheck.judging.plan import plan
from foricheck.targets.loading import reference

BROKEN = Violation(Call("0", "np.ones(1)", "1", "1"), Difference("", "1", "2", "value"))


def judged(monkeypatch: pytest.MonkeyPatch, *each: Judgement | Undecided) -> RuleResult:
    """The result of a rule that comes to this in its first ways, and passes in the others."""
    come = itertools.chain(each, itertools.repeat(Judgement(cases=1)))

    def judge(*_: Any, **__: Any) -> Judgement:
        found = next(come)
        if isinstance(found, Undecided):
            raise found
        return found

    monkeypatch.setattr(running, "judge", judge)
    heard: list[Event] = []
    running.run(plan(reference(), pattern="REC-01"), heard.append)
    (result,) = [each.result for each in heard if isinstance(each, RuleFinished)]
    return result


def test_a_failure_is_found_behind_a_way_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    result = judged(monkeypatch, Undecided("not there"), Judgement(cases=1, violation=BROKEN))
    assert result.status == "failed"


def test_a_rule_does_not_pass_if_a_way_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    result = judged(monkeypatch, Judgement(cases=1), Undecided("not there"))
    assert (result.status, result.reason) == ("skipped", "not there")
