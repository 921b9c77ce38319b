"""The implementations of the zoo, listed on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from foricheck.report.hanging import hang
from foricheck.report.wording import plain
from foricheck.zoo.trials import Trial

__all__ = ["show"]


def show(console: Console, trials: Iterable[Trial]) -> None:
    """Print each trial's name and story, under the kind of its mistake."""
    for group, members in groupby(trials, key=lambda trial: trial.group):
        console.print(Text(group, style="bold"))
        for trial in members:
            hang(console, Text("  "), Text(trial.name))
            hang(console, Text("    "), Text(plain(trial.story), style="dim"))
        console.print()
