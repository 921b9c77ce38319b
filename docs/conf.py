"""How Sphinx builds the documentation: ``tox run -e docs``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import click
from sphinx.application import Sphinx

from foricheck.cli import files
from foricheck.rules.registry import all_rules
from foricheck.specification import site

HERE = Path(__file__).parent
SCHEMA = HERE.parent / "conformance" / "schemas" / "report-1.json"
MEMBERS = HERE / "reference" / "_members.md"

project = "foricheck"
author = "the foricheck maintainers"
version = release = metadata.version("foricheck")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns = ["_build", "**/_*.md"]
myst_heading_anchors = 3
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
# Types of other projects, and those of foricheck that nobody calls, have no page to lead to.
nitpick_ignore_regex = [("py:.*", r"(?!foricheck\.(check|parametrize|Report)$).*")]

html_theme = "furo"
html_title = f"foricheck {version}"
html_static_path = ["_static"]
html_css_files = ["contrast.css"]
html_copy_source = False
html_show_copyright = False
smartquotes = False  # `--json` stays so
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> None:
    """Write the members of a report before the build, and the specification after it."""
    app.connect("builder-inited", lambda app: MEMBERS.write_text(members(), "utf-8"))
    app.connect("build-finished", add_specification)
    app.connect("sphinx-click-process-description", escape)
    app.connect("sphinx-click-process-epilog", examples)


def add_specification(app: Sphinx, exception: Exception | None) -> None:
    """Put the pages of ``foricheck rules --html`` into the folder ``rules`` of the site."""
    if exception is None:
        files.write_all(Path(app.outdir) / "rules", site.files(all_rules()), option="rules")


def escape(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Keep the asterisks of help texts, which are globs."""
    lines[:] = [line.replace("*", r"\*") for line in lines]


def examples(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Show the examples at the end of a help text as they are typed."""
    typed = [line.removeprefix("|").strip() for line in lines]
    commands = [f"   $ {line}" for line in typed if line and line != "Examples:"]
    if commands:
        lines[:] = ["Examples:", "", ".. code-block:: console", "", *commands, ""]


def members() -> str:
    """The members of a JSON report, as lists made from its schema."""
    defined = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    parts = (_list(name, defined) for name in ("Report", "Environment", "Rule", "Failure"))
    return "\n".join(line for part in parts for line in part)


def _list(name: str, defined: dict[str, Any]) -> Iterator[str]:
    entry = defined.get(f"{name}Document") or defined[f"{name}Entry"]
    yield from (f"## {name}", "", entry.get("description", ""), "")
    for member, schema in entry["properties"].items():
        yield f"- `{member}` ({_type(schema)}): {_meaning(schema, defined)}"
    yield ""


def _type(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": reference}:
            return reference.rpartition("/")[2].removesuffix("Entry").lower()
        case {"anyOf": choices}:
            return " or ".join(_type(each) for each in choices)
        case {"type": "array", "items": items}:
            return f"array of {_type(items)}"
        case {"enum": values}:
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
    return str(schema.get("type", "any"))


def _meaning(schema: dict[str, Any], defined: dict[str, Any]) -> str:
    named = defined.get(schema.get("$ref", "").rpartition("/")[2], {})
    return str(schema.get("description") or named.get("description", ""))
