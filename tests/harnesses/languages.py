"""The reference harnesses by language: where their sources are, and how each is started."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "conformance" / "harnesses"

SANITIZED = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def unchanged(source: Path) -> None:
    """Leave a source as it is."""


@dataclass(frozen=True)
class Language:
    """How a harness in one language is made from its sources.

    Attributes:
        tool: the program that it takes.
        main: the source with the loop, in `SOURCES`.
        build: from a directory with the sources to the command that starts the harness.
    """

    tool: str
    main: str
    build: Callable[[Path], list[str]]

    def command(self, directory: Path, change: Callable[[Path], None] = unchanged) -> list[str]:
        """The command for a copy of the sources in a directory, the main one changed first."""
        if shutil.which(self.tool) is None:
            pytest.skip(f"{self.tool} is not installed")
        main = SOURCES / self.main
        shutil.copytree(main.parent, directory, dirs_exist_ok=True)
        change(directory / main.name)
        return self.build(directory)


def compiled(*flags: str) -> Callable[[Path], list[str]]:
    """How C is built."""

    def build(directory: Path) -> list[str]:
        sources = [str(directory / name) for name in ("harness.c", "values.c")]
        program = str(directory / "harness")
        subprocess.run(["cc", "-O2", *flags, "-o", program, *sources, "-lm"], check=True)
        return [program]

    return build


def interpreted(directory: Path) -> list[str]:
    """How JavaScript is run."""
    return ["node", str(directory / "harness.mjs")]


def imported(directory: Path) -> list[str]:
    """How Python is run."""
    return [sys.executable, str(directory / "harness.py")]


LANGUAGES = {
    "c": Language("cc", "c/harness.c", compiled()),
    "c-sanitized": Language("cc", "c/harness.c", compiled(*SANITIZED)),
    "javascript": Language("node", "js/harness.mjs", interpreted),
    "python": Language(sys.executable, "python/harness.py", imported),
}
