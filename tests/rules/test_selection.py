"""Rules selected by patterns, and ids that no rule has."""

from __future__ import annotations

import re

import pytest

from foricheck.errors import RequestError
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Level
from foricheck.rules.selection import chosen, must_exist, near, select

LOOP = frozenset({"loop"})
BOTH = frozenset({"loop", "recurrence"})


def ids(pattern: str | None, kinds: frozenset[str] = BOTH) -> list[str]:
    return [rule.id for rule in select(pattern, kinds)]


class TestSelect:
    def test_all_are_judged_but_quirks(self) -> None:
        wanted = [rule.id for rule in all_rules() if rule.level is not Level.QUIRK]
        assert ids(None) == wanted

    def test_only_rules_of_the_kinds_are_judged(self) -> None:
        assert {rule.kind for rule in select(None, LOOP)} == {"loop"}

    def test_an_id(self) -> None:
        assert ids("ITER-03") == ["ITER-03"]

    def test_a_chapter_has_no_quirks(self) -> None:
        quirks = {rule.id for rule in all_rules() if rule.level is Level.QUIRK}
        assert quirks
        assert not quirks & set(ids(", ".join(CHAPTERS)))

    def test_a_quirk_is_judged_when_named(self) -> None:
        assert ids("BOUND-10") == ["BOUND-10"]

    def test_several_are_judged_in_the_order_of_the_rules(self) -> None:
        assert ids("REC-02,CARRY-01,ITER-02") == ["ITER-02", "CARRY-01", "REC-02"]

    def test_none_is_judged_twice(self) -> None:
        assert ids("ITER-01,ITER,ITER-01") == ids("ITER")

    @pytest.mark.parametrize("pattern", ["iter-03", " ITER-03 ", "ITER-03,", ",ITER-03"])
    def test_case_blanks_and_stray_commas_do_not_matter(self, pattern: str) -> None:
        assert ids(pattern) == ["ITER-03"]

    @pytest.mark.parametrize("pattern", ["ITER-99", "ITER-0", "I", "RACE", "RACE-*", "ITER 01"])
    def test_a_pattern_of_no_rule_is_refused(self, pattern: str) -> None:
        with pytest.raises(
            RequestError, match=f"no rule for a loop or recurrence matches '{re.escape(pattern)}'"
        ):
            ids(pattern)

    def test_one_part_of_no_rule_is_refused(self) -> None:
        with pytest.raises(RequestError, match="matches 'NOSUCH'"):
            ids("ITER-01, nosuch")

    def test_a_rule_of_another_kind_is_refused(self) -> None:
        with pytest.raises(RequestError, match="no rule for a loop matches 'REC'"):
            ids("REC", LOOP)

    @pytest.mark.parametrize("pattern", ["", " ", ","])
    def test_an_empty_pattern_is_refused(self, pattern: str) -> None:
        with pytest.raises(RequestError, match="rule"):
            ids(pattern)

    def test_a_glob_selects_as_its_chapter_does(self) -> None:
        assert ids("BOUND-*") == ids("BOUND")

    def test_a_glob_may_span_chapters(self) -> None:
        assert ids("*-01") == [f"{chapter}-01" for chapter in CHAPTERS]

    def test_a_part_with_a_dash_leaves_out(self) -> None:
        assert ids("ITER-*,-ITER-05") == [id for id in ids("ITER") if id != "ITER-05"]

    def test_leaving_out_is_from_all_rules(self) -> None:
        assert ids("-ITER,-carry-0*") == [
            id for id in ids(None) if not id.startswith(("ITER", "CARRY-0"))
        ]

    def test_what_is_left_out_is_so_wherever_it_stands(self) -> None:
        assert ids("-ITER-05,ITER") == ids("ITER,-ITER-05")

    def test_what_is_left_out_must_exist(self) -> None:
        with pytest.raises(RequestError, match="no rule matches 'ITER-99'"):
            ids("ITER,-ITER-99")

    def test_a_rule_of_another_kind_may_be_left_out(self) -> None:
        assert ids("-REC", LOOP) == ids(None, LOOP)

    def test_nothing_left_is_refused(self) -> None:
        with pytest.raises(RequestError, match="the pattern 'ITER-01,-ITER' leaves no rule"):
            ids("ITER-01,-ITER")


class TestChosen:
    def test_ids_chapters_and_globs_are_named_once(self) -> None:
        found = [rule.id for rule in chosen(["iter-02", "ITER-0[12]"], all_rules())]
        assert found == ["ITER-02", "ITER-01"]

    def test_a_chapter_has_its_quirks(self) -> None:
        assert "BOUND-10" in [rule.id for rule in chosen(["BOUND"], all_rules())]

    def test_a_name_of_no_rule_is_refused(self) -> None:
        with pytest.raises(RequestError, match="no rule is named 'CARY'; did you mean CARRY"):
            chosen(["ITER", "CARY"], all_rules())


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("CARY-01", "; did you mean CARRY-01?"),
        ("iter-5", "; did you mean ITER-05?"),
        ("ITER_05", "; did you mean ITER-05?"),
        ("ITER-005", "; did you mean ITER-05?"),
        ("BOUNDS", "; did you mean BOUND?"),
        ("ERROR-99", "; those of ERROR are ERROR-01 to ERROR-"),
        ("zzz", " ('foricheck rules' lists them)"),
    ],
)
def test_a_hint_is_near(name: str, hint: str) -> None:
    assert near(name, all_rules()).startswith(hint)


def test_an_id_of_no_rule_is_refused_with_what_was_said_of_it() -> None:
    with pytest.raises(RequestError, match="no rule is named ITER-99, which you named; those of"):
        must_exist(["ITER-01", "ITER-99"], what="which you named")
