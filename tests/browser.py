"""A real browser that looks at pages, and measures what a script in a copy of them finds."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["DESK", "INSTALLED", "NAMES", "PHONE", "SCHEMES", "Seen", "View", "faint", "look"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
_BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)
INSTALLED = _BROWSER is not None
SCHEMES = {"light": "1", "dark": "0"}
PHONE, DESK = 360, 1280

_MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
_GUARD = """<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<script>
const blocked = [];
addEventListener("securitypolicyviolation", event => blocked.push(event.blockedURI));
addEventListener("error", event => blocked.push(event.message));
</script>"""
_FRAMES = """<body><script>
const views = {views}, told = [];
addEventListener("message", event => {{
  told.push(event.data);
  if (told.length === views.length) document.body.textContent = JSON.stringify(told);
}});
views.forEach(([width, address], n) => {{
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 740; frame.name = n; frame.src = address;
  document.body.append(frame);
}});
</script></body>"""


@dataclass(frozen=True)
class View:
    """One way of looking at a page: how wide, and at which address."""

    width: int
    address: str = "page.html"


Seen = dict[str, dict[View, dict[str, Any]]]
"""What is measured, by scheme and view."""


def look(
    directory: Path, pages: Mapping[str, str], views: Sequence[View], *, script: str = ""
) -> Seen:
    """What a browser measures on pages.

    Args:
        directory: an empty one, to work in.
        pages: the text of each by its name.
        views: what is looked at.
        script: runs on each page before it is measured.
    """
    for name, text in pages.items():
        guarded = text.replace("<head>", f"<head>{_GUARD}", 1)
        copy = f"{guarded}<script>{script}</script><script>{_MEASURE}</script>"
        directory.joinpath(name).write_text(copy, encoding="utf-8")
    frames = directory / "frames.html"
    listed = [(view.width, view.address) for view in views]
    frames.write_text(_FRAMES.format(views=json.dumps(listed)), encoding="utf-8")
    return {scheme: _measured(frames, views, scheme) for scheme in SCHEMES}


def _measured(frames: Path, views: Sequence[View], scheme: str) -> dict[View, dict[str, Any]]:
    seen = subprocess.run(
        [
            str(_BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1400,900",
            "--virtual-time-budget=10000",
            f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
            f"--user-data-dir={frames.parent / 'profile'}",
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
    return {view: told[n] for n, view in enumerate(views)}


def faint(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The texts whose contrast is below that of WCAG 2.2, level AA."""
    assert measured["texts"]
    return [text for text in measured["texts"] if text["contrast"] < 4.5]
