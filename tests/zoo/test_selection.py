from __future__ import annotations

import pytest

from foricheck.errors import RequestError
from foricheck.targets.target import BUNDLED
from foricheck.zoo.selection import ZooRequest, trials
from foricheck.zoo.trials import Trial

LOOP_CHAPTERS = {
    "ITER", "BOUND", "CARRY", "UNROLL", "TRACE", "GRAD", "XFORM", "ERROR", "MODULE",
}  # fmt: skip


def named(*patterns: str, **changes: object) -> tuple[Trial, ...]:
    return trials(ZooRequest(patterns=patterns, **changes))  # type: ignore[arg-type]


def names(found: tuple[Trial, ...]) -> list[str]:
    return [trial.name for trial in found]


def test_a_member_is_found_by_name() -> None:
    assert names(named("one_trip_short")) == ["one_trip_short"]


def test_a_star_stands_for_any_characters() -> None:
    assert "one_trip_short" in names(named("one_trip*"))


def test_members_are_found_by_kind_of_mistake() -> None:
    assert {trial.group for trial in named("unrolling", collections=("wrong",))} >= {"unrolling"}


def test_the_reference_is_among_the_right_ones() -> None:
    assert BUNDLED in names(named(collections=("right",)))


def test_the_right_ones_come_first() -> None:
    expected = [trial.expected for trial in trials(ZooRequest(collections=("wrong", "right")))]
    assert expected == sorted(expected, key=lambda it: it != "passes")


def test_a_wrong_member_is_judged_by_the_rules_that_it_names() -> None:
    (found,) = named("one_trip_short")
    assert found.rules == found.declared == ("ITER-01",)


def test_a_wrong_member_may_be_judged_by_every_rule_of_its_kind() -> None:
    (found,) = named("one_trip_short", every_rule=True)
    assert {rule.partition("-")[0] for rule in found.rules} == LOOP_CHAPTERS


def test_only_the_rules_asked_for_must_catch() -> None:
    (found,) = named("inclusive_upper", rules="ITER-02")
    assert found.declared == ("ITER-02",)


def test_right_ones_are_judged_quickly_unless_asked_otherwise() -> None:
    assert [named("while_loop", profile=it)[0].profile for it in (None, "deep")] == [
        "quick",
        "deep",
    ]


def test_seeds_are_counted_from_the_first() -> None:
    (found,) = named("one_trip_short", seed=5, seeds=3)
    assert found.seeds == (5, 6, 7)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(
        RequestError, match=r"no requested implementation of the zoo is called okapi$"
    ):
        named("one_trip_short", "okapi")


def test_a_near_match_is_suggested() -> None:
    with pytest.raises(RequestError, match="did you mean one_trip_short"):
        named("one_trip_shrot")


def test_rules_that_judge_nothing_asked_for_are_an_error() -> None:
    with pytest.raises(RequestError, match="is called one_trip_short"):
        named("one_trip_short", rules="REC")


@pytest.mark.parametrize(
    ("asked", "whole"), [(ZooRequest(), True), (ZooRequest(rules="ITER"), False)]
)
def test_only_all_of_it_is_whole(asked: ZooRequest, whole: bool) -> None:
    assert asked.is_whole is whole
