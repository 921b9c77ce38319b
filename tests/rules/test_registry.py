"""The rules as a whole: complete, numbered, one property each, and selected by patterns."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import subprocess
import sys

import pytest

import foricheck.conformance
from foricheck.errors import RequestError
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.documents import statements
from foricheck.rules.registry import all_rules, select
from foricheck.rules.rule import Level

BOTH = frozenset({"loop", "recurrence"})
LOOP = frozenset({"loop"})


def properties() -> dict[str, object]:
    """Every test function of the modules of rules, by its full name."""
    modules = [
        importlib.import_module(f"foricheck.conformance.{module.name}")
        for module in pkgutil.iter_modules(foricheck.conformance.__path__)
        if module.name.startswith("test_")
    ]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("test_")
    }


def ids(pattern: str | None, kinds: frozenset[str] = BOTH) -> list[str]:
    return [rule.id for rule in select(pattern, kinds)]


class TestAllRules:
    def test_ids_are_unique(self) -> None:
        found = [rule.id for rule in all_rules()]
        assert len(set(found)) == len(found)

    def test_sentences_are_unique(self) -> None:
        found = [rule.sentence for rule in all_rules()]
        assert len(set(found)) == len(found)

    @pytest.mark.parametrize("chapter", CHAPTERS)
    def test_a_chapter_is_numbered_without_a_gap(self, chapter: str) -> None:
        numbers = [int(rule.id[-2:]) for rule in all_rules() if rule.chapter == chapter]
        assert numbers == list(range(1, len(numbers) + 1))

    def test_chapters_are_judged_one_after_the_other(self) -> None:
        chapters = [key for key, _ in itertools.groupby(all_rules(), lambda rule: rule.chapter)]
        assert chapters == list(CHAPTERS)

    def test_every_property_is_one_of_a_rule(self) -> None:
        without = [
            name for name, prop in properties().items() if not hasattr(prop, "foricheck_rule")
        ]
        assert without == []

    def test_every_rule_has_one_property(self) -> None:
        assert sorted(map(id, properties().values())) == sorted(
            id(rule.prop) for rule in all_rules()
        )

    def test_reading_them_imports_no_jax(self) -> None:
        program = (
            "import sys; from foricheck.rules.registry import all_rules; all_rules();"
            "sys.exit('jax' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", program], check=True)


class TestStatements:
    def test_each_has_rules_or_a_reason_why_none_can_check_it(self) -> None:
        cited = {statement for rule in all_rules() for statement in rule.statements}
        assert [s.id for s in statements() if (s in cited) == bool(s.untestable)] == []

    def test_each_says_something_else(self) -> None:
        found = [(statement.document, statement.says) for statement in statements()]
        assert len(set(found)) == len(found)


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

    @pytest.mark.parametrize("pattern", ["ITER-99", "ITER-0", "I", "RACE", "ITER-*", "ITER 01"])
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
