"""The templates of pages that need no network and run no script."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from foricheck.reporters import wording

__all__ = ["template"]


def template(name: str) -> Template:
    """One of the templates in this package; what it prints is escaped and printable."""
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
    return environment.get_template(name)


def _printable(value: Any) -> Any:
    return wording.plain(value) if isinstance(value, str) else value
