"""Check that each link of a built site leads to a page of the site, and to an anchor that is there.

``python docs/check_links.py SITE``; links to other sites are not followed.
"""

from __future__ import annotations

import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.links.add(value)
            elif name in ("id", "name"):
                self.anchors.add(value or "")


@cache
def read(page: Path) -> Page:
    return Page(page.read_text("utf-8"))


def leads_somewhere(page: Path, link: str) -> bool:
    if urlsplit(link).scheme:
        return True
    address, anchor = urldefrag(link)
    target = (page.parent / unquote(urlsplit(address).path)).resolve() if address else page
    target = target / "index.html" if target.is_dir() else target
    if not target.is_file():
        return False
    return target.suffix != ".html" or unquote(anchor) in read(target).anchors


def main(site: Path) -> int:
    pages = sorted(site.resolve().rglob("*.html"))
    lost = [
        f"{page.relative_to(site.resolve())}: {link}"
        for page in pages
        for link in sorted(read(page).links)
        if not leads_somewhere(page, link)
    ]
    print(*lost, sep="\n", end="\n" if lost else "")
    print(f"{len(pages)} pages, {len(lost)} links that lead nowhere")
    return 1 if lost or not pages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
