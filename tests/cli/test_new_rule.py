"""``foricheck new-rule``: what it writes works as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Call, called

ROOT = Path(__file__).parents[2]


@pytest.fixture
def foricheck(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line in this process."""
    return lambda *arguments: called(capsys, *arguments)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose rules are importable from ``src``."""
    unwanted = shutil.ignore_patterns("conformance", "__pycache__")
    shutil.copytree(ROOT / "src" / "foricheck", tmp_path / "src" / "foricheck", ignore=unwanted)
    shutil.copytree(ROOT / "conformance", tmp_path / "conformance")
    (tmp_path / "src" / "foricheck" / "conformance").symlink_to(tmp_path / "conformance")
    return tmp_path


def run(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line of a clone."""
    return subprocess.run(
        [sys.executable, "-m", "foricheck", *arguments],
        env=os.environ | {"PYTHONPATH": str(clone / "src")},
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("chapter", "statement"), [("CARRY", "fori_loop.carry_type"), ("REC", "recurrence.step")]
)
def test_the_reference_passes_it_and_its_wrong_implementation_does_not(
    clone: Path, chapter: str, statement: str
) -> None:
    ended = run(clone, "new-rule", chapter, "It does what it does.", "--cites", statement)
    id = ended.stdout.split()[0]
    assert "1 passed" in run(clone, "run", "--rules", id, "--profile", "quick").stdout
    assert "1 of 1 caught" in run(clone, "zoo", f"breaks_{id.lower().replace('-', '_')}").stdout


def test_the_next_steps_name_the_files_and_commands(foricheck: Call, clone: Path) -> None:
    ended = foricheck("new-rule", "iter", "It ends.", "--name", "endings", "--clone", str(clone))
    assert ended.status == 0
    for part in ("conformance/zoo/iter/endings.py", "foricheck run --rules ITER-"):
        assert part in ended.out


def test_what_cannot_be_used_is_one_line(foricheck: Call, clone: Path) -> None:
    ended = foricheck("new-rule", "ITER", "It ends", "--clone", str(clone))
    assert ended.status == 2
    assert ended.err == "foricheck: the sentence is one line that ends with a full stop\n"
