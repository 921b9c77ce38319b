"""``foricheck vectors``: check, write, and run a target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from foricheck.cli import main
from foricheck.vectors.shipped import text
from foricheck.vectors.suite import SUITES, Suite

Call = Callable[..., tuple[int, str]]
ZOO = "foricheck.conformance.zoo"
DO_WHILE = """
def fori_loop(lower, upper, body_fun, init_val):
    for i in range(lower, max(upper, lower + 1))[:9]:
        init_val = body_fun(i, init_val)
    return init_val
"""


@pytest.fixture
def vectors(capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["vectors", *arguments])
        output = capsys.readouterr()
        assert isinstance(leaving.value.code, int)
        return leaving.value.code, output.out + output.err

    return call


def test_fresh_files_are_listed_with_the_bugs_they_catch(vectors: Call) -> None:
    status, output = vectors()
    assert status == 0
    assert "loop-1.json: 300 vectors, fresh" in output
    assert all(flag in output for suite in SUITES for flag in suite.flags)


def test_a_stale_file_is_reported(vectors: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foricheck.vectors.shipped.text", lambda suite: suite.text[:-2])
    status, output = vectors()
    assert status == 1
    assert "differs from the oracle's" in output


def test_files_are_written_as_they_are_shipped(vectors: Call, tmp_path: Path) -> None:
    status, _ = vectors("-o", str(tmp_path / "new" / "place"))
    assert status == 0
    for suite in SUITES:
        assert (tmp_path / "new" / "place" / suite.file).read_text() == text(suite)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Suite:
    """Only the vectors of empty ranges."""
    loops, others = SUITES
    only = replace(loops, topics={"empty": loops.topics["empty"]})
    monkeypatch.setattr("foricheck.vectors.suite.SUITES", (only, others))
    return only


@pytest.mark.usefixtures("few")
def test_wrong_answers_are_reported_by_flag(vectors: Call, tmp_path: Path) -> None:
    target = tmp_path / "do_while.py"
    target.write_text(DO_WHILE)
    status, output = vectors(f"{target}:fori_loop", "--array-namespace", "numpy")
    assert status == 1
    assert "Empty                5 of 5    upper == lower runs the body" in output
    assert "empty-01          0 to 0: value at [1, 0]: expected 0, got 1" in output


def test_a_right_target_gets_nothing_wrong(vectors: Call, few: Suite) -> None:
    status, output = vectors(f"{ZOO}.right.numpy_loops:numpy_loop")
    judged = f"0 of {len(few.vectors)} vectors wrong, 0 left out, called static-plain"
    assert (status, output) == (0, f"loop-1.json: {judged}\n")


@pytest.mark.usefixtures("few")
def test_the_reason_for_left_out_vectors_is_reported(
    vectors: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foricheck.vectors.judging.accepts", lambda subject, vector: False)
    _, output = vectors(f"{ZOO}.right.numpy_loops:numpy_loop")
    assert output.endswith("  left out            12  another dtype, or a loop that is too long\n")


def test_a_target_that_is_not_there(vectors: Call) -> None:
    status, output = vectors("nosuch:f")
    assert (status, output) == (2, "foricheck: there is no module named 'nosuch'\n")
