"""The page in a real browser: legible in both schemes, on a phone too, and nothing is loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import DESK, INSTALLED, NAMES, PHONE, SCHEMES, Seen, View, faint, look
from report.fake_runs import failure, report, result

from foricheck.matrix import html as as_html

from .fake_reports import breaking, matrix, mixed, passing, unfinished

pytestmark = pytest.mark.skipif(not INSTALLED, reason=f"none of {', '.join(NAMES)} is installed")

VIEWS = (
    View(PHONE),
    View(DESK),
    View(PHONE, "page.html#wrong-ITER-01"),
    View(PHONE, "page.html#mixed-BOUND-01"),
    View(DESK, "page.html#also-ITER-01"),
)


def page() -> str:
    """A page with everything on it, and with much that is long."""
    long = failure(case="lower = 0, " * 20, script="print('" + "x" * 200 + "')\n", got="y" * 200)
    rules = [result(f"GRAD-{n:02}", "failed", failure=replace(long, rule="GRAD")) for n in range(9)]
    targets = [passing(target=f"a.very.long.module_name.of.target:{n}") for n in range(16)]
    broken = (mixed(), breaking("ITER-01"), breaking("ITER-01", target="also"), unfinished())
    return as_html.render(matrix(*broken, report(rules, target="z" * 100), *targets))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return look(tmp_path_factory.mktemp("matrix"), {"page.html": page()}, VIEWS)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_scheme_is_the_one_asked_for(seen: Seen, scheme: str) -> None:
    assert {one["scheme"] for one in seen[scheme].values()} == {scheme}


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_does_not_scroll_sideways(seen: Seen, view: View) -> None:
    assert seen["light"][view]["overflow"] <= 0


@pytest.mark.parametrize("view", VIEWS[:2])
def test_the_tables_fit_on_the_screen_and_scroll_in_themselves(seen: Seen, view: View) -> None:
    assert all(table["width"] <= view.width for table in seen["light"][view]["scrollers"])
    assert view.width > PHONE or all(t["scrolls"] for t in seen["light"][view]["scrollers"])


@pytest.mark.parametrize("view", VIEWS[:2])
def test_a_phone_is_told_that_the_tables_scroll(seen: Seen, view: View) -> None:
    hints = [text for text in seen["light"][view]["texts"] if "sideways" in text["text"]]
    assert len(hints) == (2 if view.width == PHONE else 0)


@pytest.mark.parametrize("view", VIEWS[:2])
def test_the_head_and_the_first_column_stay_in_sight(seen: Seen, view: View) -> None:
    assert seen["light"][view]["stuck"] == {"head": 0, "first": 0}


@pytest.mark.parametrize("view", VIEWS[:2])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_has_contrast(seen: Seen, scheme: str, view: View) -> None:
    assert faint(seen[scheme][view]) == []


@pytest.mark.parametrize(
    ("view", "told"),
    [
        (VIEWS[2], ["What ITER-01 says.", "int32 7", "int64 7", "import wrong"]),
        (VIEWS[3], ["the target lacks traced", "BOUND-01", "mixed"]),
        (VIEWS[4], ["What ITER-01 says.", "wrong, also", "import also"]),
    ],
)
def test_an_address_shows_what_is_behind_its_cell(seen: Seen, view: View, told: list[str]) -> None:
    target = seen["light"][view]["target"]
    assert target["visible"]
    assert [text for text in told if text not in target["text"]] == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_loaded(seen: Seen, view: View) -> None:
    assert seen["light"][view]["blocked"] == []
