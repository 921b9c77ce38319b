"""The documentation is true: its links lead somewhere, and its tutorials print what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

pytestmark = pytest.mark.skipif(not TUTORIAL.is_dir(), reason="the tests are not in a clone")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def sessions() -> list[tuple[str, tuple[str, ...]]]:
    """The runs of the tutorials, each with the lines, or their beginnings, that it prints."""
    found = []
    for page in sorted(TUTORIAL.glob("*.md")):
        for block in re.findall(r"```console\n\$ (foricheck run .*?)```", page.read_text(), re.S):
            command, *lines = block.splitlines()
            if "FILE" not in command:
                found.append((command, tuple(line.removesuffix("…").rstrip() for line in lines)))
    return found


@pytest.mark.parametrize(("command", "lines"), sessions())
def test_a_tutorial_prints_what_it_says(command: str, lines: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=TUTORIAL / "examples",
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    printed = ran.stdout.splitlines()
    assert [line for line in lines if not any(line in each for each in printed)] == []


def test_the_tutorials_show_runs() -> None:
    assert len(sessions()) >= 5
