"""Where HTML reports lead from a rule: to the pages beside them, else to the published ones."""

from __future__ import annotations

from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest

from foricheck.cli.outputs import Output
from foricheck.report.rule_pages import NOWHERE, RulePages, pages

from .fake_runs import BROKEN, PASSED, report

LINK = '<a href="rules/ITER-01.html">ITER-01</a>'


def pages_in(directory: Path, *ids: str) -> None:
    (directory / "rules").mkdir()
    for name in ("index", *ids):
        (directory / "rules" / f"{name}.html").touch()


def publish(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    described = Message()
    for url in urls:
        described["Project-URL"] = url
    monkeypatch.setattr(metadata, "metadata", lambda name: described)


def test_a_rule_leads_to_its_page() -> None:
    assert RulePages("rules").link("ITER-01") == LINK


@pytest.mark.parametrize("known", [NOWHERE, RulePages("rules", frozenset({"ITER-02"}))])
def test_a_rule_without_a_page_is_its_id(known: RulePages) -> None:
    assert known.link("ITER-01") == "ITER-01"


def test_pages_beside_the_report_are_found(tmp_path: Path) -> None:
    pages_in(tmp_path, "ITER-01")
    assert pages(tmp_path) == RulePages("rules", frozenset({"ITER-01"}))


def test_published_pages_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, "Source, https://x.org", "Specification, https://example.org/rules/")
    assert pages(tmp_path) == pages(None) == RulePages("https://example.org/rules")


def test_without_any_no_rule_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch)
    assert pages(tmp_path) == NOWHERE


@pytest.mark.parametrize("results", [PASSED, BROKEN])
def test_a_report_leads_to_the_pages_beside_it(tmp_path: Path, results: tuple[object, ...]) -> None:
    pages_in(tmp_path, "ITER-01")
    Output("html", str(tmp_path / "report.html")).write(report(results))  # type: ignore[arg-type]
    assert LINK in (tmp_path / "report.html").read_text(encoding="utf-8")
