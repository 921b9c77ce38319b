"""As on Windows, as far as that can be tried here: without signals and process groups of POSIX."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT = """
import os, signal
for module, names in ((signal, ("SIGHUP", "SIGKILL", "SIGQUIT", "pthread_sigmask")),
                      (os, ("setsid", "killpg"))):
    for name in names:
        delattr(module, name)
"""
LOOP = """
def fori_loop(lower, upper, body_fun, init_val):
    for i in range(lower, upper{end}):
        init_val = body_fun(i, init_val)
    return init_val
"""
CHECK = """
import foricheck, loops
report = foricheck.check(loops.fori_loop, rules="ITER-01", array_namespace="numpy")
print(report.verdict, *report.notes)
"""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "setsid") or not hasattr(signal, "SIGHUP"), reason="it is so here anyway"
)


def python(directory: Path, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + code]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "ITER-01"], ["run", "--help"]])
def test_what_judges_nothing_works(tmp_path: Path, arguments: list[str]) -> None:
    ended = python(tmp_path, f"from foricheck.cli import main; main({arguments})")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("command", ["run", "zoo"])
def test_a_run_is_refused_in_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "loops.py").write_text(LOOP.format(end=""))
    target = {"run": "loops.py:fori_loop", "zoo": "list_becomes_tuple"}[command]
    ended = python(tmp_path, f"from foricheck.cli import main; main({[command, target]})")
    assert ended.returncode == 2
    assert ended.stderr.startswith("foricheck: targets run in processes of their own, which needs")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(("end", "verdict"), [("", "conformant"), (" + 1", "nonconformant")])
def test_check_judges_in_this_process(tmp_path: Path, end: str, verdict: str) -> None:
    (tmp_path / "loops.py").write_text(LOOP.format(end=end))
    said = python(tmp_path, CHECK).stdout
    assert said.startswith(verdict)
    assert ("not confirmed in a process of its own: ITER-01" in said) == bool(end)
