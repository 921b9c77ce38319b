"""Where a report's rules are explained: the pages of ``foricheck rules --html``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from markupsafe import Markup

__all__ = ["FOLDER", "NOWHERE", "RulePages", "pages"]

FOLDER = "rules"
"""The folder beside a report that may hold the pages."""

_LABEL = "specification"
"""The label of the project's URL that leads to the published pages, if there are any."""


@dataclass(frozen=True)
class RulePages:
    """The pages that a report can lead to.

    Attributes:
        address: of their folder, as seen from the report; ``""`` if it is unknown.
        ids: the rules that have a page; None if each has one.
    """

    address: str
    ids: frozenset[str] | None = None

    def has(self, id: str) -> bool:
        """Whether there is a page for a rule."""
        return bool(self.address) and (self.ids is None or id in self.ids)

    def link(self, id: str, text: str = "") -> Markup:
        """The text, or the rule's id, as a link to the rule's page if it has one."""
        link = Markup('<a href="{}/{}.html">{}</a>') if self.has(id) else Markup("{2}")
        return link.format(self.address, id, text or id)


NOWHERE = RulePages("")
"""No pages are known."""


def pages(directory: Path | None) -> RulePages:
    """The pages for a report in a directory: those beside it, else the published ones.

    Args:
        directory: None if the report goes to no file.
    """
    beside = directory / FOLDER if directory else None
    if beside and beside.joinpath("index.html").is_file():
        return RulePages(FOLDER, frozenset(page.stem for page in beside.glob("*-*.html")))
    return RulePages(_published())


def _published() -> str:
    """The address in the metadata of the installed foricheck, or ``""``."""
    try:
        urls = metadata.metadata("foricheck").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    labelled = (url.partition(", ") for url in urls)
    found = (address for label, _, address in labelled if label.lower() == _LABEL)
    return next(found, "").rstrip("/")
