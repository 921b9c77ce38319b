"""Print ``conformance/evidence/hostile.md``: how a run on each hostile target ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from foricheck.conformance.hostile import HOSTILE, Hostile

RULES = "ITER-01,ITER-04"
_SECONDS = 240
_SHOWN = 150
"""Characters of a line that the table shows."""


def row(target: Hostile) -> tuple[str, bool]:
    """One row of the table, and whether the run ended as it should."""
    status, output = _run(target)
    line = _line(output) if status is not None else f"does not end within {_SECONDS} s"
    traced = "Traceback (most recent call last)" in output
    good = status in target.ends and not traced
    shown = f"{status}{', with a traceback' if traced else ''}{'' if good else ' (!)'}"
    return f"| {target.does} | {shown} | {_short(line)} |", good


def _run(target: Hostile) -> tuple[int | None, str]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "solution.py"
        file.write_text(target.text)
        options = ["--rules", RULES, "--profile", "quick", "--timeout", "5", "-j", "1"]
        with subprocess.Popen(
            [sys.executable, "-m", "foricheck", "run", f"{file.name}:fori_loop", *options],
            cwd=directory,
            env=os.environ | {"JAX_PLATFORMS": "cpu", "COLUMNS": "300"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=_SECONDS)
                return process.returncode, output.decode(errors="replace")
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return None, process.communicate()[0].decode(errors="replace")


def _line(output: str) -> str:
    """The verdict, or the complaint."""
    words = ("CONFORMANT", "NONCONFORMANT", "NO VERDICT", "foricheck: ")
    line = next((line for line in output.splitlines() if line.startswith(words)), "")
    return line.replace(f"; on the part {RULES}", "")


def _short(line: str) -> str:
    line = " ".join(line.replace("|", "\\|").split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def main(names: Iterable[str]) -> int:
    """Print the table of the targets whose description contains a name, or of all."""
    chosen = [one for one in HOSTILE if not names or any(name in one.does for name in names)]
    print("# Hostile targets\n")
    print("Made by `python -m foricheck.conformance.hostile`, which judges each with")
    print(f"`foricheck run --rules {RULES} --profile quick --timeout 5 -j 1`.\n")
    print("| target | exit status | line |\n|---|---|---|")
    ends = []
    for target in chosen:
        line, good = row(target)
        ends.append(good)
        print(line, flush=True)
    print(f"\n{sum(ends)} of {len(ends)} end as they should.")
    return 0 if all(ends) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
