"""The pages of the specification in a real browser: legible, searchable, and nothing is loaded."""

from __future__ import annotations

import pytest
from browser import DESK, INSTALLED, NAMES, PHONE, SCHEMES, Seen, View, faint, look

from foricheck.rules.registry import all_rules
from foricheck.specification.site import files

pytestmark = pytest.mark.skipif(not INSTALLED, reason=f"none of {', '.join(NAMES)} is installed")

NAMED = ("index.html", "documents.html", "members.html", "ITER-12.html", "CARRY-03.html")
VIEWS = tuple(View(width, name) for width in (PHONE, DESK) for name in NAMED)
SEARCHED = {
    View(PHONE, "index.html#words=Carry-03"): ["CARRY-03"],
    View(PHONE, "index.html#words=iter+int8&level=core"): ["ITER-03"],
    View(PHONE, "members.html#words=list_becomes_tuple"): ["list_becomes_tuple"],
    View(PHONE, "documents.html#words=custom+increments"): ["fori_loop.increments"],
}
NOWHERE = View(DESK, "index.html#words=no+such+words+anywhere")
TYPE = """
for (const [id, text] of new URLSearchParams(location.hash.slice(1))) {
  const field = document.getElementById(id);
  if (!field) continue;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    pages = files(all_rules())
    shown = {name: pages[name] for name in NAMED}
    return look(tmp_path_factory.mktemp("rules"), shown, (*VIEWS, *SEARCHED, NOWHERE), script=TYPE)


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_does_not_scroll_sideways(seen: Seen, view: View) -> None:
    assert seen["light"][view]["overflow"] <= 0


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_has_contrast(seen: Seen, scheme: str, view: View) -> None:
    assert seen[scheme][view]["scheme"] == scheme
    assert faint(seen[scheme][view]) == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_loaded_and_no_script_fails(seen: Seen, view: View) -> None:
    assert seen["light"][view]["blocked"] == []


@pytest.mark.parametrize("view", SEARCHED)
def test_a_search_leaves_what_was_meant(seen: Seen, view: View) -> None:
    listed = seen["light"][view]["listed"]
    assert len(listed) < 10
    assert set(SEARCHED[view]) <= set(listed)


def test_a_search_for_what_is_nowhere_leaves_nothing(seen: Seen) -> None:
    assert seen["light"][NOWHERE]["listed"] == []


def test_every_rule_is_listed_before_a_search(seen: Seen) -> None:
    assert len(seen["light"][View(DESK, "index.html")]["listed"]) == len(all_rules())
