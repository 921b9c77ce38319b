"""What two reports on a target say about each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report.fake_runs import failure, report, result

from foricheck.diff.diff import compare, headline
from foricheck.judging.events import Environment
from foricheck.report.report import Report

FAILURE = failure(rule="ITER-01")


def one(status: str, **fields: Any) -> Report:
    """A report on one rule; one that fails has a failure."""
    broken = {"failure": FAILURE} if status in ("failed", "xfailed") else {}
    return report([result("ITER-01", status, **broken | fields)])


def kind(old: Report, new: Report) -> str | None:
    """How the first rule that changed did."""
    changes = compare(old, new).rules
    return changes[0].kind if changes else None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("passed", "failed", "worse"),
        ("passed", "xfailed", "worse"),
        ("passed", "skipped", "worse"),
        ("xpassed", "failed", "worse"),
        ("xfailed", "failed", "worse"),
        ("skipped", "failed", "worse"),
        ("failed", "passed", "better"),
        ("xfailed", "passed", "better"),
        ("xfailed", "xpassed", "better"),
        ("skipped", "passed", "better"),
        ("failed", "skipped", "other"),
        ("failed", "xfailed", "different"),
        ("passed", "xpassed", "other"),
        ("skipped", "xfailed", "other"),
        ("passed", "passed", None),
        ("failed", "failed", None),
        ("skipped", "skipped", None),
    ],
)
def test_a_rule_changes_by_its_statuses(old: str, new: str, expected: str | None) -> None:
    assert kind(one(old), one(new)) == expected


@pytest.mark.parametrize("changed", ["got", "expected", "path", "why", "variant"])
def test_a_rule_may_fail_in_another_way(changed: str) -> None:
    other = failure(rule="ITER-01", **{changed: "another"})
    assert kind(one("failed"), one("failed", failure=other)) == "different"


@pytest.mark.parametrize("changed", ["id", "case", "script"])
def test_the_same_failure_may_be_shown_by_another_case(changed: str) -> None:
    other = failure(rule="ITER-01", **{changed: "another"})
    assert kind(one("failed"), one("failed", failure=other)) is None


def test_a_diagnosis_is_one_cause() -> None:
    old, new, other = (
        one("failed", failure=failure(got=got, diagnosis=diagnosis))
        for got, diagnosis in (("a", "It skips."), ("b", "It skips."), ("b", "It stops."))
    )
    assert (kind(old, new), kind(new, other)) == (None, "different")


def test_a_known_deviation_is_one_cause() -> None:
    other = failure(rule="ITER-01", got="another")
    old, new = one("xfailed", reason="known"), one("xfailed", reason="known", failure=other)
    assert kind(old, new) is None


def test_a_rule_is_new_or_gone() -> None:
    few, more = report([result("ITER-01")]), report([result("ITER-01"), result("ITER-02")])
    assert (kind(few, more), kind(more, few)) == ("new", "gone")


def test_a_rule_that_the_new_run_did_not_reach_got_worse() -> None:
    old = report([result("ITER-01"), result("ITER-02")])
    reached = report([result("ITER-01")])
    new = replace(reached, header=old.header)
    (change,) = compare(old, new).rules
    assert (change.kind, change.statuses) == ("worse", ("passed", "not judged"))


@pytest.mark.parametrize(
    ("old", "new", "worse"),
    [
        (one("passed"), one("passed"), False),
        (one("passed"), one("failed"), True),
        (one("failed"), one("passed"), False),
        (one("failed"), one("failed", failure=failure(got="another")), False),
        (report([]), one("passed"), False),
        (report([]), one("failed"), True),
        (report([]), one("xfailed"), False),
        (one("passed"), report([], verdict="nonconformant"), False),
        (one("passed"), report([result("ITER-01")], verdict="error"), True),
        (report([], verdict="error"), report([], verdict="error"), False),
    ],
)
def test_something_got_worse_or_nothing_did(old: Report, new: Report, worse: bool) -> None:
    assert compare(old, new).is_worse is worse


def test_settings_that_changed_are_named() -> None:
    here = Environment(versions={"jax": "0.8.1"}, platform="Linux", device="cpu")
    there = Environment(
        versions={"jax": "0.12.0", "flax": "1"}, platform="Linux", device="gpu", flags={"X": "1"}
    )
    changed = compare(
        report([], environment=here), report([], environment=there, profile="deep")
    ).settings
    assert [(each.category, each.name, each.old, each.new) for each in changed] == [
        ("request", "profile", "default", "deep"),
        ("versions", "jax", "0.8.1", "0.12.0"),
        ("versions", "flax", None, "1"),
        ("platform", "device", "cpu", "gpu"),
        ("flags", "X", None, "1"),
    ]


def test_coverage_counts_what_both_judged() -> None:
    rules = ("ITER-01", "ITER-02", "ITER-03")
    old = report([result(id, digest="a", variants=("v",)) for id in rules])
    fewer = result("ITER-02", cases=5, digest="b", variants=("w",))
    broken = result("ITER-03", "failed", failure=FAILURE, cases=1)
    found = compare(old, report([result("ITER-01", digest="a", variants=("v",)), fewer, broken]))
    (change,) = found.coverage.changes
    assert (found.coverage.common, found.coverage.same) == (2, 1)
    assert (change.id, change.old, change.new) == ("ITER-02", 1000, 5)
    assert (change.lost, change.gained) == (("v",), ("w",))


def test_the_headline_counts() -> None:
    old = report([result("ITER-01"), result("ITER-02"), result("CARRY-01", "failed")])
    new = report(
        [result(id, "failed", failure=FAILURE) for id in ("ITER-01", "ITER-02")]
        + [result("CARRY-01"), result("REC-01")]
    )
    said = "2 rules got worse, 1 rule got better, 1 rule is new"
    assert headline(compare(old, new)) == said


def test_no_change_is_said() -> None:
    assert headline(compare(one("passed"), one("passed"))) == "no rule changed"
