"""What a page is made of, and what is wrong with it."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"br", "input", "link", "meta", "wbr"})


class Page(HTMLParser):
    """A page, read strictly: every element is closed, in its place.

    Attributes:
        faults: what is not well formed.
        ids: the ids of elements, in order.
        addresses: what links lead to.
        resources: what the page would load.
        tags: the elements, in order.
        text: the text between them.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.resources: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a" and "a" in self._open:
            self.faults.append("a link in a link")
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            self._take(tag, name, value or "")

    def _take(self, tag: str, name: str, value: str) -> None:
        if name == "id":
            self.ids.append(value)
        elif name == "href" and tag == "a":
            self.addresses.append(value)
        elif name in ("src", "href", "srcset", "data", "poster", "action"):
            self.resources.append(value)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")

    def handle_data(self, data: str) -> None:
        self.text += data
