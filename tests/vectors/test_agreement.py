"""JAX, a NumPy loop and the harnesses in other languages agree with the vectors."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import jax
import pytest

from foricheck.cases.variants import PLAIN, TRACED
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging.subjects import Subjects
from foricheck.targets.loading import of_callable, reference
from foricheck.vectors.judging import Tally, accepts, judge
from foricheck.vectors.shipped import text
from foricheck.vectors.suite import SUITES

LOOPS, RECURRENCES = SUITES
HARNESSES = Path(__file__).parents[2] / "conformance" / "harnesses"
COMMANDS = {"c": ("sh", "c/run.sh"), "js": ("node", "js/harness.mjs")}


def wrong(tally: Tally) -> dict[str, str]:
    return {vector.id: str(violation) for vector, violation in tally.wrong}


class TestJax:
    def test_it_agrees_with_each_loop_of_dtypes_that_it_has(self) -> None:
        tally = judge(Subjects(reference()).one("loop", TRACED), LOOPS.vectors)
        assert wrong(tally) == {}
        assert len(tally.judged) > 250

    def test_and_with_the_others_once_it_has_64_bits(self) -> None:
        here = Subjects(reference()).one("loop", TRACED)
        others = [vector for vector in LOOPS.vectors if not accepts(here, vector)]
        with jax.enable_x64(True):
            tally = judge(Subjects(reference()).one("loop", TRACED), others)
        assert wrong(tally) == {}
        assert tally.judged == others

    def test_it_agrees_with_each_recurrence(self) -> None:
        """Except two without trips whose T has 64 bits: JAX has 32 if x is float32."""
        tally = judge(Subjects(reference()).one("recurrence", TRACED), RECURRENCES.vectors)
        assert wrong(tally) == {}
        assert tally.reasons == {"a T of 64 bits": 2}


def test_a_loop_in_numpy_agrees() -> None:
    loop = Subjects(of_callable(numpy_loop, array_namespace="numpy")).one("loop", PLAIN)
    short = [
        vector for vector in LOOPS.vectors if not {"LongLoop", "TripCounter"} & {*vector.flags}
    ]
    assert wrong(judge(loop, short)) == {}


def test_a_loop_that_is_too_long_is_left_out() -> None:
    loop = Subjects(of_callable(numpy_loop, array_namespace="numpy")).one("loop", PLAIN)
    (million,) = (vector for vector in LOOPS.vectors if vector.id == "long-02")
    tally = judge(loop, [million])
    assert tally.left_out == [million]
    assert tally.reasons == {"another dtype, or a loop that is too long": 1}


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_program_without_python_reads_them(name: str, tmp_path: Path) -> None:
    program, harness = COMMANDS[name]
    if shutil.which("cc") is None and name == "c":
        pytest.skip("there is no C compiler")
    for suite in SUITES:
        (tmp_path / suite.file).write_text(text(suite))
    reader = Path(__file__).with_name("check.mjs")
    files = [str(tmp_path / suite.file) for suite in SUITES]
    finished = subprocess.run(
        ["node", str(reader), program, str(HARNESSES / harness), *files],
        capture_output=True,
        text=True,
        timeout=120,
    )
    lines = [f"{suite.file}: {len(suite.vectors)} right" for suite in SUITES]
    assert (finished.stdout.splitlines(), finished.returncode) == (lines, 0), finished.stderr
