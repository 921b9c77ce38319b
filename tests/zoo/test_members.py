"""What the zoo holds: mistakes of every kind, for both kinds of target, and right members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from foricheck.conformance.zoo import Member, declared, members
from foricheck.conformance.zoo.member import MISTAKES, right, wrong
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import chapter

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


def test_the_rules_that_members_name_exist() -> None:
    known = {rule.id for rule in all_rules()}
    assert {rule for member in WRONG for rule in member.caught_by} - known == set()


def test_a_wrong_member_is_in_the_chapter_of_the_first_rule_that_it_names() -> None:
    elsewhere = [member.path for member in WRONG if package(member) != first_chapter(member)]
    assert elsewhere == []


def test_the_sources_declare_what_importing_them_registers() -> None:
    assert declared() == tuple(WRONG)


def test_the_sources_are_asked_for_the_members_of_a_rule() -> None:
    assert declared(["ITER-05"]) == tuple(m for m in WRONG if "ITER-05" in m.caught_by)


def package(member: Member) -> str:
    return member.path.partition(":")[0].split(".")[-2]


def first_chapter(member: Member) -> str:
    return chapter(member.caught_by[0]).lower()


def loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Stops before the last trip, since its bounds are both exclusive."""


class TestRefused:
    @staticmethod
    def named(name: str, story: str | None = loop.__doc__) -> Callable[..., Any]:
        def function(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any: ...

        function.__name__, function.__doc__ = name, story
        return function

    def test_a_kind_of_mistake_that_is_none(self) -> None:
        with pytest.raises(ValueError, match="mistake must be one of iteration, bounds"):
            wrong("oversight", caught_by=("ITER-01",))  # type: ignore[arg-type]

    def test_a_wrong_member_without_a_rule(self) -> None:
        with pytest.raises(ValueError, match="at least one rule"):
            wrong("state", caught_by=())

    @pytest.mark.parametrize("story", [None, "Stops.", "No full stop at the end of it"])
    def test_a_story_that_is_no_sentence(self, story: str | None) -> None:
        with pytest.raises(ValueError, match="needs a docstring of a sentence or two"):
            right(self.named("okapi", story))

    def test_a_name_that_another_member_has(self) -> None:
        with pytest.raises(ValueError, match=r"has the name of .*\.iter\.trips"):
            right(self.named("one_trip_short"))

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"mistake": None}, "must be right, or make a mistake"),
            ({"caught_by": ()}, "a wrong member, and no other, names rules"),
            ({"mistake": None, "right": True}, "a wrong member, and no other, names rules"),
        ],
    )
    def test_a_member_that_is_half_wrong(self, changes: dict[str, Any], message: str) -> None:
        fields: dict[str, Any] = {
            "name": "okapi",
            "kind": "loop",
            "path": "zoo:okapi",
            "mistake": "state",
            "caught_by": ("ITER-01",),
            "story": str(loop.__doc__),
            "right": False,
        }
        with pytest.raises(ValueError, match=message):
            Member(**(fields | changes))
