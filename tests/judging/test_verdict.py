"""The verdict of the results, and its notes."""

from __future__ import annotations

import pytest

from foricheck.judging.events import RuleResult, Status
from foricheck.judging.verdict import not_judged, verdict


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
    assert "3 of the failed rules need 'forward'" in note
    assert "--without forward" in note


def test_a_target_without_reverse_mode_gets_a_note() -> None:
    (note,) = verdict([*results("failed", *REVERSE), *results("passed", *GRAD)]).notes
    assert "--without reverse" in note


def test_no_more_is_given_up_than_is_lacking() -> None:
    notes = verdict([*results("failed", *REVERSE), *results("failed", *GRAD)]).notes
    assert [note.rpartition(" ")[2] for note in notes] == ["forward", "reverse"]


def test_a_failure_is_explained_by_one_capability() -> None:
    both = ("XFORM-05", *REVERSE)  # which needs vmap too
    notes = verdict(results("failed", *both)).notes
    assert [note.rpartition(" ")[2] for note in notes] == ["reverse"]


def test_a_few_failures_give_no_note() -> None:
    assert verdict(results("failed", *GRAD[:2])).notes == ()


def test_a_capability_whose_rules_mostly_pass_is_not_noted() -> None:
    passed = results("passed", "GRAD-10", "GRAD-12", "GRAD-14", "MODULE-07")
    assert verdict([*results("failed", *REVERSE), *passed]).notes == ()


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ("", "rules not judged: 6 (ITER, REC)"),
        ("ITER-02", "rules not judged: 5 (REC, ITER-01, ITER-03, ITER-04)"),
        ("ITER-01 REC-02", "rules not judged: 4 (ITER-02 to ITER-04, REC-01)"),
        ("ITER-01 ITER-02 ITER-03 ITER-04 REC-01 REC-02", ""),
    ],
)
def test_what_was_not_judged_is_named(judged: str, said: str) -> None:
    planned = [*(f"ITER-0{n}" for n in (1, 2, 3, 4)), "REC-01", "REC-02"]
    assert not_judged(planned, judged.split()) == said
