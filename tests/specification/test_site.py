"""The specification as pages: every rule, with everything that is known about it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urldefrag

import pytest
from command_line import called
from html_page import Page

from foricheck.conformance.zoo import Member, declared
from foricheck.expected.deviations import DEVIATIONS, Deviation
from foricheck.rules.documents import Statement, statements
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Rule
from foricheck.specification.site import files

RULES = {rule.id: rule for rule in all_rules()}
FILES = files(all_rules())
PAGES = {name: Page(text) for name, text in FILES.items()}
LISTS = ("index.html", "documents.html", "members.html")


def page(id: str) -> Page:
    return PAGES[f"{id}.html"]


def said(id: str) -> str:
    """The text of a rule's page, in one line."""
    return " ".join(page(id).text.split())


def test_there_are_three_lists_and_a_page_for_each_rule() -> None:
    assert set(FILES) == {*LISTS, *(f"{id}.html" for id in RULES)}


def test_the_same_rules_give_the_same_bytes() -> None:
    assert files(all_rules()) == FILES


@pytest.mark.parametrize("name", [*LISTS, "ITER-01.html", "ITER-12.html", "UNROLL-04.html"])
def test_elements_are_balanced(name: str) -> None:
    assert PAGES[name].faults == []


@pytest.mark.parametrize("name", LISTS)
def test_ids_are_unique(name: str) -> None:
    assert len(set(PAGES[name].ids)) == len(PAGES[name].ids)


def test_every_link_leads_somewhere() -> None:
    lost = [
        (name, address)
        for name, shown in PAGES.items()
        for address in shown.addresses
        if not address.startswith("https://") and not exists(address)
    ]
    assert lost == []


def exists(address: str) -> bool:
    name, place = urldefrag(address)
    return name in PAGES and (not place or place in PAGES[name].ids)


def test_nothing_is_loaded() -> None:
    assert [name for name, shown in PAGES.items() if shown.resources] == []
    assert not any("url(" in text or "@import" in text for text in FILES.values())


@pytest.mark.parametrize("rule", [RULES["ITER-01"], RULES["UNROLL-04"], RULES["REC-01"]])
def test_a_page_has_what_the_rule_says(rule: Rule) -> None:
    text = said(rule.id)
    assert rule.sentence.replace("`", "") in text
    assert f"a {rule.level.value} rule for a {rule.kind}" in text
    assert all(bug.replace("`", "") in text for bug in rule.catches)
    assert all(statement.id in text for statement in rule.statements)
    assert f"def {rule.prop.__name__}(" in text


@pytest.mark.parametrize("member", declared()[::40])
def test_a_wrong_implementation_is_on_the_pages_of_its_rules(
    member: Member,
) -> None:
    assert member.name in PAGES["members.html"].ids
    for id in member.caught_by:
        assert f"members.html#{member.name}" in page(id).addresses
        assert f"{id}.html" in PAGES["members.html"].addresses


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.rule)
def test_a_known_deviation_is_on_the_page_of_its_rule(deviation: Deviation) -> None:
    assert "Where released JAX deviates" in said(deviation.rule)
    assert " ".join(deviation.case.split()) in said(deviation.rule)


@pytest.mark.parametrize("statement", statements()[::10], ids=lambda statement: statement.id)
def test_a_sentence_is_there_with_its_rules_or_with_the_reason(statement: Statement) -> None:
    checked = any(statement in rule.statements for rule in RULES.values())
    assert (statement.id in PAGES["documents.html"].ids) == (checked or bool(statement.untestable))


def test_pages_of_a_few_rules_lead_to_each_other_only() -> None:
    few = files([RULES["ITER-01"], RULES["ITER-03"]])
    assert set(few) == {*LISTS, "ITER-01.html", "ITER-03.html"}
    assert "ITER-02.html" not in few["ITER-01.html"]


def test_the_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = called(capsys, "rules", "--kind", "recurrence", "--html", str(tmp_path / "site"))
    assert ended.status == 0
    assert (tmp_path / "site" / "REC-01.html").exists()
    assert not (tmp_path / "site" / "ITER-01.html").exists()


def test_a_file_in_the_way_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").write_text("")
    ended = called(capsys, "rules", "--html", str(tmp_path / "site"))
    assert ended.status == 2
    assert ended.err.startswith("foricheck: --html: cannot write ")
