"""The rules as a whole: complete, numbered, one property each, and selected by patterns."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import foricheck.conformance
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.documents import statements
from foricheck.rules.registry import all_rules
from foricheck.rules.selection import select

BOTH = frozenset({"loop", "recurrence"})
LOOP = frozenset({"loop"})
ROOT = Path(__file__).parents[2]


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
    def test_a_number_that_is_left_out_is_in_the_changelog(self, chapter: str) -> None:
        numbers = [int(rule.id[-2:]) for rule in all_rules() if rule.chapter == chapter]
        gone = set(range(1, numbers[-1])) - set(numbers)
        changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
        assert numbers == sorted(numbers)
        assert all(f"{chapter}-{number:02}" in changelog for number in gone)

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
