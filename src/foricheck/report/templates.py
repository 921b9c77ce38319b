"""The templates of pages, which load nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from foricheck.report import wording

__all__ = ["template"]

_CODE = re.compile(r"``(.+?)``|`([^`]+)`")
_ADDRESS = re.compile(r"(https?://[^\s<>\"'()\[\]]*[^\s<>\"'()\[\].,;:!?])")


@cache
def template(name: str) -> Template:
    """A template of this package; its output is escaped and printable."""
    environment = Environment(
        loader=PackageLoader("foricheck", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
    )
    environment.filters.update(
        breakable=_breakable,
        code=_code,
        compiled=wording.compiled,
        counted=wording.counted,
        linked=_linked,
        ratio=wording.ratio,
        seconds=wording.seconds,
        times=wording.times,
    )
    return environment.get_template(name)


def _printable(value: Any) -> Any:
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return wording.plain(value) if is_text else value


def _breakable(name: str) -> Markup:
    """A long name, which may break after punctuation."""
    parts = re.split(r"(?<=[.:/_-])(?=\w)", wording.plain(name))
    return Markup("<wbr>").join(parts)


def _code(text: str) -> Markup:
    """Text of a docstring, with what is between backticks as code."""
    code = Markup("<code>{}</code>")
    parts = _CODE.split(wording.plain(text))  # text, then a double or a single quotation, and so on
    return Markup("").join(
        part if n % 3 == 0 else code.format(part)
        for n, part in enumerate(parts)
        if part is not None
    )


def _linked(text: str) -> Markup:
    """The text with its URLs as links."""
    link = Markup('<a href="{0}">{0}</a>')
    parts = _ADDRESS.split(wording.plain(text))
    return Markup("").join(link.format(part) if n % 2 else part for n, part in enumerate(parts))
