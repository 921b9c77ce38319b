"""The failures that a run expects."""

from __future__ import annotations

from foricheck.judging.expectations import unknown_rules


def test_expected_ids_that_no_rule_has_are_noted() -> None:
    note = "no rule is named ITER-99, which is expected to fail"
    assert unknown_rules({"ITER-01": "", "ITER-99": ""}, ["ITER-01", "REC-01"]) == (note,)
