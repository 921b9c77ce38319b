"""The specification as pages: complete, linked, and without anything to load."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from command_line import called

from foricheck.rules.registry import all_rules
from foricheck.specification import site


class Page(HTMLParser):
    """The links, anchors, loads and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loads: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loads += [tag] if "src" in given or tag in ("link", "img", "iframe") else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {name: Page(text) for name, text in site.files(all_rules()).items()}


def test_each_rule_has_a_page(pages: dict[str, Page]) -> None:
    assert {f"{each.id}.html" for each in all_rules()} == set(pages) - {"index.html"}


def test_every_link_leads_somewhere(pages: dict[str, Page]) -> None:
    inside = [
        (page, link, *link.partition("#")[::2])
        for page, read in pages.items()
        for link in read.links
        if not link.startswith("http")
    ]
    dead = [
        (page, link)
        for page, link, file, anchor in inside
        if (target := pages.get(file or page)) is None or (anchor and anchor not in target.anchors)
    ]
    assert dead == []


def test_nothing_is_loaded(pages: dict[str, Page]) -> None:
    assert [page for page, read in pages.items() if read.loads] == []


def test_the_index_names_every_rule(pages: dict[str, Page]) -> None:
    assert {f"{each.id}.html" for each in all_rules()} <= set(pages["index.html"].links)


def test_a_page_says_what_the_rule_is(pages: dict[str, Page]) -> None:
    chosen = next(each for each in all_rules() if each.id == "GRAD-13")
    text = pages["GRAD-13.html"].text
    assert chosen.sentence.replace("``", "") in text
    assert f"def {chosen.prop.__name__}(" in text
    assert all(each.replace("``", "") in text for each in chosen.catches)


def test_a_page_names_the_wrong_implementations_of_its_rule(pages: dict[str, Page]) -> None:
    assert "results_kept_by_bytes" in pages["TRACE-16.html"].text
    assert "results_kept_by_bytes" not in pages["TRACE-15.html"].text


def test_a_page_names_the_known_deviations_of_its_rule(pages: dict[str, Page]) -> None:
    assert "known deviation of JAX" in pages["UNROLL-04.html"].text


def test_pages_lead_to_the_next_rule(pages: dict[str, Page]) -> None:
    assert "ITER-02.html" in pages["ITER-01.html"].links


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
