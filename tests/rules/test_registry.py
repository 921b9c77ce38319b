"""The rules as a whole: each is complete, each has a property, and patterns select them."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import foricheck.conformance
from foricheck.cases.variants import ALL_VARIANTS, PLAIN
from foricheck.errors import RequestError
from foricheck.rules.registry import all_rules, select
from foricheck.rules.rule import Level, Rule
from foricheck.rules.statements import Statement, statements
from foricheck.targets.capabilities import CAPABILITIES

CHAPTERS = ["ITER", "BOUND", "CARRY", "UNROLL", "TRACE", "GRAD", "XFORM", "ERROR", "MODULE", "REC"]
BOTH = frozenset({"loop", "recurrence"})
LOOP = frozenset({"loop"})
EVERY_RULE = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)

EVERY_STATEMENT = pytest.mark.parametrize("statement", statements(), ids=lambda each: each.says)


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


class TestEveryRule:
    @EVERY_RULE
    def test_has_an_id_of_chapter_and_number(self, rule: Rule) -> None:
        assert re.fullmatch(r"[A-Z]+-\d\d", rule.id)

    @EVERY_RULE
    def test_says_a_sentence(self, rule: Rule) -> None:
        assert rule.sentence.endswith(".")
        assert len(rule.sentence) < 200

    @EVERY_RULE
    def test_names_its_source(self, rule: Rule) -> None:
        assert rule.source.document
        assert rule.source.place

    @EVERY_RULE
    def test_is_core_if_a_document_says_it(self, rule: Rule) -> None:
        assert (rule.level is Level.CORE) == (not rule.source.measured)

    @EVERY_RULE
    def test_hunts_something(self, rule: Rule) -> None:
        assert rule.catches
        assert all(rule.catches)

    @EVERY_RULE
    def test_needs_known_capabilities(self, rule: Rule) -> None:
        assert rule.needs <= set(CAPABILITIES)

    @EVERY_RULE
    def test_is_judged_in_known_ways(self, rule: Rule) -> None:
        assert rule.variants
        assert set(rule.variants) <= {*ALL_VARIANTS, PLAIN}

    @EVERY_RULE
    def test_is_of_the_kind_of_its_chapter(self, rule: Rule) -> None:
        assert rule.kind == ("recurrence" if rule.chapter == "REC" else "loop")

    @EVERY_RULE
    def test_lies_in_the_module_of_its_chapter(self, rule: Rule) -> None:
        assert rule.prop.__module__ == f"foricheck.conformance.test_{rule.chapter.lower()}"


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
        assert chapters == CHAPTERS

    def test_every_property_is_one_of_a_rule(self) -> None:
        without = [
            name for name, prop in properties().items() if not hasattr(prop, "foricheck_rule")
        ]
        assert without == []

    def test_every_rule_has_one_property(self) -> None:
        assert sorted(map(id, properties().values())) == sorted(
            id(rule.prop) for rule in all_rules()
        )

    def test_the_readme_counts_them(self) -> None:
        readme = (Path(__file__).parents[2] / "README.md").read_text()
        assert f"{len(all_rules())} sentences in ten chapters" in readme

    def test_every_core_rule_is_said_by_a_document(self) -> None:
        core = {rule.id for rule in all_rules() if rule.level is Level.CORE}
        assert core - {id for statement in statements() for id in statement.rules} == set()

    def test_reading_them_imports_no_jax(self) -> None:
        program = (
            "import sys; from foricheck.rules.registry import all_rules; all_rules();"
            "sys.exit('jax' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", program], check=True)


class TestEveryStatement:
    @EVERY_STATEMENT
    def test_has_rules_or_a_reason_why_none_checks_it(self, statement: Statement) -> None:
        assert bool(statement.rules) != bool(statement.untestable)

    @EVERY_STATEMENT
    def test_names_rules_that_there_are(self, statement: Statement) -> None:
        assert set(statement.rules) <= {rule.id for rule in all_rules()}

    def test_is_there_once(self) -> None:
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
