"""The verdict of the results, and its notes."""

from __future__ import annotations

import pytest

from foricheck.judging.events import RuleResult, Status
from foricheck.judging.verdict import verdict


def results(status: Status, *ids: str) -> list[RuleResult]:
    return [RuleResult(id=id, level="core", sentence="", status=status) for id in ids]


GRAD = ("GRAD-04", "GRAD-05", "GRAD-06")
REVERSE = ("GRAD-01", "GRAD-02", "GRAD-03")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("passed", "conformant"),
        ("xfailed", "conformant"),
        ("failed", "nonconformant"),
        ("xpassed", "nonconformant"),
        ("skipped", "error"),
    ],
)
def test_one_rule_decides(status: Status, word: str) -> None:
    assert verdict(results(status, "ITER-01")).verdict == word


def test_a_capability_that_seems_to_be_lacking_is_noted() -> None:
    (note,) = verdict(results("failed", *GRAD)).notes
    assert "3 of the failed rules need 'grad'" in note
    assert "--without grad" in note


def test_a_target_without_reverse_mode_gets_a_note() -> None:
    (note,) = verdict([*results("failed", *REVERSE), *results("passed", *GRAD)]).notes
    assert "--without reverse" in note


def test_a_few_failures_give_no_note() -> None:
    assert verdict(results("failed", *GRAD[:2])).notes == ()


def test_a_capability_whose_rules_mostly_pass_is_not_noted() -> None:
    passed = results("passed", "GRAD-07", "GRAD-08", "GRAD-09", "GRAD-11")
    assert verdict([*results("failed", *GRAD), *passed]).notes == ()
