"""A rule in several variants."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from foricheck.cases.recurrence import Call
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.judging import run as running
from foricheck.judging import variants
from foricheck.judging.checker import Judgement
from foricheck.judging.events import Event, RuleFinished, RuleResult
from foricheck.judging.plan import plan
from foricheck.targets.loading import reference

BROKEN = Violation(Call("0", "np.ones(1)", "1", "1"), Difference("", "1", "2", "value"))


def judged(monkeypatch: pytest.MonkeyPatch, *each: Judgement | Undecided) -> RuleResult:
    """The result of a rule judged so in its first variants, and passed in the others."""
    judgements = itertools.chain(each, itertools.repeat(Judgement(cases=1)))

    def judge(_: Any) -> Judgement:
        found = next(judgements)
        if isinstance(found, Undecided):
            raise found
        return found

    monkeypatch.setattr(variants, "judge", judge)
    events: list[Event] = []
    running.run(plan(reference(), pattern="REC-01"), events.append)
    (result,) = [event.result for event in events if isinstance(event, RuleFinished)]
    return result


def test_a_failure_counts_after_an_undecided_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    result = judged(monkeypatch, Undecided("not there"), Judgement(cases=1, violation=BROKEN))
    assert result.status == "failed"


def test_a_rule_that_is_undecided_in_a_variant_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    result = judged(monkeypatch, Judgement(cases=1), Undecided("not there"))
    assert (result.status, result.reason.split(": ")[-1]) == ("passed", "not there")


def test_a_rule_that_is_undecided_in_every_variant_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = judged(monkeypatch, *[Undecided("not there")] * 9)
    assert (result.status, result.reason) == ("skipped", "not there")
