"""What the zoo holds: mistakes of every kind, for both kinds of target, and right members."""

from __future__ import annotations

from collections import Counter

import pytest

from foricheck.conformance.zoo import Member, members
from foricheck.conformance.zoo.member import MISTAKES, wrong
from foricheck.rules.registry import all_rules

MEMBERS = members()
WRONG = [member for member in MEMBERS if not member.right]
RIGHT = [member for member in MEMBERS if member.right]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_kind_of_mistake_is_made_at_least_three_times(mistake: str) -> None:
    assert sum(member.mistake == mistake for member in WRONG) >= 3


@pytest.mark.parametrize("kind", ["loop", "recurrence"])
def test_both_kinds_of_target_have_fifty_wrong_members(kind: str) -> None:
    assert sum(member.kind == kind for member in WRONG) >= 50


@pytest.mark.parametrize("kind", ["loop", "recurrence"])
def test_both_kinds_of_target_have_twelve_right_members(kind: str) -> None:
    assert sum(member.kind == kind for member in RIGHT) >= 12


def test_a_member_makes_a_mistake_or_is_right() -> None:
    assert [member.path for member in MEMBERS if (member.mistake is None) != member.right] == []


def test_a_right_member_names_no_rule_and_a_wrong_one_does() -> None:
    assert [member.path for member in MEMBERS if bool(member.caught_by) == member.right] == []


def test_the_rules_that_members_name_exist() -> None:
    known = {rule.id for rule in all_rules()}
    assert {rule for member in WRONG for rule in member.caught_by} - known == set()


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(m.name for m in MEMBERS).items() if count > 1] == []


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_story_is_a_sentence_or_two(member: Member) -> None:
    assert 20 <= len(member.story) <= 240
    assert member.story.endswith(".")


def test_a_kind_of_mistake_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="mistake must be one of iteration, bounds"):
        wrong("oversight", caught_by=("ITER-01",))  # type: ignore[arg-type]


def test_a_wrong_member_without_a_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one rule"):
        wrong("state", caught_by=())
