"""The HTML report: one page that needs no network and runs no script."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from foricheck.report import Report
from foricheck.reporters import wording
from foricheck.reporters.summary import Summary

__all__ = ["render"]


def render(report: Report) -> str:
    """The report as one HTML document."""
    text: str = _template().render(
        report=report,
        header=report.header,
        summary=Summary.of(report),
        verdict=wording.VERDICTS[report.verdict],
        claim=wording.claim(report.header.kind),
        lacking=wording.lacking(report.header.capabilities),
    )
    return text


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("foricheck", "reporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
    )
    environment.filters.update(
        compiled=wording.compiled,
        counted=wording.counted,
        ratio=wording.ratio,
        seconds=wording.seconds,
    )
    return environment.get_template("report.html.j2")


def _printable(value: Any) -> Any:
    return wording.plain(value) if isinstance(value, str) else value
