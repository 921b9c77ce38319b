"""Completion in a shell: of targets, rules, capabilities and files.

``_FORICHECK_COMPLETE=bash_source foricheck`` prints the script for bash; ``zsh_source`` and
``fish_source`` those for the other shells.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem, shell_complete

__all__ = ["capabilities", "completed", "files", "rules", "targets"]

_VARIABLE = "_FORICHECK_COMPLETE"


def completed(command: click.Command) -> int | None:
    """Print what the shell asks for; return the exit status, or None if no shell asks."""
    instruction = os.environ.get(_VARIABLE)
    if not instruction:
        return None
    return shell_complete(command, {}, "foricheck", _VARIABLE, instruction)


def files(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of files, which the shell knows."""
    return [CompletionItem(begun, type="file")]


def targets(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The targets with a name, else files."""
    from foricheck.conformance.targets import ADAPTERS

    named = _starting(begun, ADAPTERS)
    return [*files(context, parameter, begun), *named]  # a shell adds names to files, in this order


def rules(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Chapters, and the ids of the rules of a chapter once it is named; after a comma too."""
    from foricheck.rules.chapters import CHAPTERS
    from foricheck.rules.registry import all_rules

    before, last = _parts(begun)
    dash = "-" if last.startswith("-") else ""
    word = last.removeprefix("-").upper()
    names: Iterable[str] = CHAPTERS
    if any(word.startswith(chapter) for chapter in CHAPTERS):
        names = (*(name for name in CHAPTERS if name == word), *(rule.id for rule in all_rules()))
    return [CompletionItem(f"{before}{dash}{item.value}") for item in _starting(word, names)]


def capabilities(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """The capabilities; after a comma too."""
    from foricheck.targets.capabilities import CAPABILITIES

    before, last = _parts(begun)
    return [CompletionItem(f"{before}{item.value}") for item in _starting(last, CAPABILITIES)]


def _parts(begun: str) -> tuple[str, str]:
    """What stands before the last comma, with it, and what follows."""
    before, comma, last = begun.rpartition(",")
    return before + comma, last


def _starting(begun: str, names: Iterable[Any]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
