"""``foricheck new-rule``: the skeleton of a rule, in a clone of the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foricheck.cli.help import examples
from foricheck.rules.chapters import CHAPTERS

if TYPE_CHECKING:
    from foricheck.rules.skeleton import Skeleton

__all__ = ["command"]


@click.command(
    "new-rule",
    epilog=examples(
        "foricheck new-rule ITER 'It ends.' --cites fori_loop.loop",
        "foricheck new-rule CARRY 'A carry may have 129 leaves.' --name many_leaves",
    ),
    short_help="Write the skeleton of a new rule, in a clone.",
)
@click.argument(
    "chapter", type=click.Choice(tuple(CHAPTERS), case_sensitive=False), metavar="CHAPTER"
)
@click.argument("sentence")
@click.option(
    "--cites",
    "cites",
    metavar="STATEMENT",
    multiple=True,
    help="A statement of conformance/documents.toml, such as fori_loop.indices; repeatable. "
    "Without one, the rule is a parity rule.",
)
@click.option("--name", metavar="NAME", help="What the new modules are called.")
@click.option(
    "--clone",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The clone to write to, by default the current directory.",
)
def command(
    *, chapter: str, sentence: str, cites: tuple[str, ...], name: str | None, clone: Path
) -> int:
    """Write the skeleton of a rule that says SENTENCE.

    The rule gets the next free id of CHAPTER (such as CARRY), a property, its cases and a wrong
    implementation that it catches. No file is overwritten. As it is, the reference passes the
    rule and the wrong implementation fails it: replace each part and keep that so.
    """
    from foricheck.cli import files
    from foricheck.rules.skeleton import skeleton

    made = skeleton(CHAPTERS[chapter.upper()], sentence, cites=cites, name=name, clone=clone)
    for path, text in made.files.items():
        files.write(str(path), text)
    click.echo(_next_steps(made, clone))
    return 0


def _next_steps(made: Skeleton, clone: Path) -> str:
    prop, cases, member = (path.relative_to(clone) for path in made.files)
    return f"""\
{made.id}
  {prop}: its property, the last in the file
  {cases}: its cases
  {member}: a wrong implementation, {made.member}

Replace every TODO, and what stands in for your idea:
  1. the property: what must come out, why it matters, which bugs it finds
  2. the cases: those on which right and wrong implementations differ
  3. the wrong implementation: a bug that only this rule catches; rename it after the bug

Then
  ruff check --fix . && ruff format .
  foricheck run --rules {made.id}
  foricheck zoo {made.member}
  pytest tests/rules tests/zoo/test_members.py
"""
