"""Completion, as a shell asks for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def asked(instruction: str, words: str = "", at: int = 0) -> str:
    """What the command prints for a shell: for ``bash_complete``, a kind and a value a line."""
    environment = os.environ | {
        "_FORICHECK_COMPLETE": instruction,
        "COMP_WORDS": words,
        "COMP_CWORD": str(at),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "foricheck"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def completed(words: str) -> list[str]:
    """The values that complete the last word."""
    lines = asked("bash_complete", words, len(words.split(" ")) - 1).splitlines()
    return [line.partition(",")[2] for line in lines if line.startswith("plain,")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_printed(shell: str) -> None:
    script = asked(f"{shell}_source")
    assert "_FORICHECK_COMPLETE" in script
    assert "Usage" not in script


def test_commands_are_completed() -> None:
    assert completed("foricheck ex") == ["explain"]


def test_targets_are_completed() -> None:
    assert completed("foricheck run haiku") == ["haiku", "haiku-init"]


def test_a_target_may_be_a_file() -> None:
    assert "file,loops" in asked("bash_complete", "foricheck run loops", 2)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("foricheck explain CA", ["CARRY"]),
        ("foricheck explain CARRY-01", ["CARRY-01"]),
        ("foricheck explain iter-02", ["ITER-02"]),
        ("foricheck run --rules ITER,GR", ["ITER,GRAD"]),
        ("foricheck run --rules ITER,-ITER-03", ["ITER,-ITER-03"]),
        ("foricheck run --without jit,vm", ["jit,vmap"]),
    ],
)
def test_rules_and_capabilities_are_completed(words: str, values: list[str]) -> None:
    assert completed(words) == values


def test_ids_follow_their_chapter() -> None:
    assert completed("foricheck explain ITER")[:3] == ["ITER", "ITER-01", "ITER-02"]
