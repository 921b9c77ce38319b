"""The page in a real browser: legible in both schemes, on a phone too, and nothing is loaded."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from report.fake_runs import failure, report, result

from foricheck.matrix import html as as_html

from .fake_reports import breaking, matrix, mixed, passing, unfinished

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)
MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
SCHEMES = {"light": "1", "dark": "0"}
PHONE, DESK = 360, 1280

pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(NAMES)} is installed")


@dataclass(frozen=True)
class View:
    """One way of looking at the page: how wide, and at which address."""

    width: int
    address: str = ""


VIEWS = (
    View(PHONE),
    View(DESK),
    View(PHONE, "wrong-ITER-01"),
    View(PHONE, "mixed-BOUND-01"),
    View(DESK, "also-ITER-01"),
)


def page() -> str:
    """A page with everything on it, and with much that is long."""
    long = failure(case="lower = 0, " * 20, script="print('" + "x" * 200 + "')\n", got="y" * 200)
    rules = [result(f"GRAD-{n:02}", "failed", failure=replace(long, rule="GRAD")) for n in range(9)]
    targets = [passing(target=f"a.very.long.module_name.of.target:{n}") for n in range(16)]
    broken = (mixed(), breaking("ITER-01"), breaking("ITER-01", target="also"), unfinished())
    return as_html.render(matrix(*broken, report(rules, target="z" * 100), *targets))


GUARD = """<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<script>
const blocked = [];
addEventListener("securitypolicyviolation", event => blocked.push(event.blockedURI));
</script>"""
FRAMES = """<body><script>
const views = {views}, told = [];
addEventListener("message", event => {{
  told.push(event.data);
  if (told.length === views.length) document.body.textContent = JSON.stringify(told);
}});
views.forEach(([width, address], n) => {{
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 740; frame.name = n; frame.src = "page.html#" + address;
  document.body.append(frame);
}});
</script></body>"""


def look(directory: Path, scheme: str) -> dict[View, dict[str, Any]]:
    """What a browser measures on the page, by view."""
    views = [(view.width, view.address) for view in VIEWS]
    guarded = page().replace("<head>", f"<head>{GUARD}", 1)
    copy = f"{guarded}<script>{MEASURE}</script>"
    directory.joinpath("page.html").write_text(copy, encoding="utf-8")
    frames = directory / "frames.html"
    frames.write_text(FRAMES.format(views=json.dumps(views)), encoding="utf-8")
    seen = subprocess.run(
        [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1400,900",
            "--virtual-time-budget=10000",
            f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
            f"--user-data-dir={directory / 'profile'}",
            "--dump-dom",
            frames.as_uri(),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    body = re.search(r"<body>(\[.*\])</body>", seen.stdout, re.DOTALL)
    assert body, seen.stdout[-2000:] + seen.stderr[-2000:]
    told = {int(one["name"]): one for one in json.loads(html.unescape(body[1]))}
    return {view: told[n] for n, view in enumerate(VIEWS)}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[View, dict[str, Any]]]:
    return {scheme: look(tmp_path_factory.mktemp(scheme), scheme) for scheme in SCHEMES}


Seen = dict[str, dict[View, dict[str, Any]]]


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
def test_the_head_and_the_first_column_stay_in_sight(seen: Seen, view: View) -> None:
    assert seen["light"][view]["stuck"] == {"head": 0, "first": 0}


@pytest.mark.parametrize("view", VIEWS[:2])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_has_contrast(seen: Seen, scheme: str, view: View) -> None:
    faint = [text for text in seen[scheme][view]["texts"] if text["contrast"] < 4.5]
    assert seen[scheme][view]["texts"]
    assert faint == []


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
