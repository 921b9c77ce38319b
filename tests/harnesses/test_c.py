"""The harness in C is plain C."""

from __future__ import annotations

from pathlib import Path

from .languages import Language, compiled

STRICT = ("-std=c11", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror")


def test_it_compiles_without_a_warning(tmp_path: Path) -> None:
    assert Language("cc", "c/harness.c", compiled(*STRICT)).command(tmp_path)
