"""``python -OO`` removes docstrings, of which sentences, stories and help texts are made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from foricheck.rules.docstrings import docstring

PROGRAM = """
import inspect, json, sys
from foricheck.cli import foricheck
from foricheck.conformance.zoo import members
from foricheck.rules.registry import all_rules
rules = {rule.id: [rule.sentence, rule.why] for rule in all_rules()}
stories = {member.name: member.story for member in members()}
helps = {name: inspect.cleandoc(each.help) for name, each in foricheck.commands.items()}
print(json.dumps([rules, stories, helps]))
"""


def said(optimized: str) -> list[dict[str, object]]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONOPTIMIZE": optimized, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(ended.stdout))


def test_rules_stories_and_help_texts_are_the_same_without_docstrings() -> None:
    assert said("2") == said("0")


def test_a_function_without_a_docstring_has_none() -> None:
    assert docstring(lambda: None) == ""


@pytest.mark.parametrize("optimized", ["1", "2"])
def test_a_run_has_its_verdict(optimized: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "foricheck", "run", "--rules", "ITER-02,TRACE-01"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONOPTIMIZE": optimized, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
