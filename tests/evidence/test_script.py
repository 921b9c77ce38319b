"""The script of a failure: it needs only the target and reproduces the failure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import LoopBatch, Snippet
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import ALL_VARIANTS, PLAIN, STATIC, TRACED, Variant
from foricheck.evidence.failure import Failure
from foricheck.evidence.script import describe, script
from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event
from foricheck.judging.subjects import Subjects
from foricheck.oracle import programs as oracle
from foricheck.oracle.bounds import trajectory_bound
from foricheck.oracle.recurrence import weights
from foricheck.programs.program import CONST, INDEX, ROWS, WIDTH, encode
from foricheck.report.report import Report
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.strategies.carry import containers
from foricheck.strategies.iter import loops
from foricheck.targets.loading import load, of_callable, reference
from foricheck.targets.spec import TargetSpec

TARGETS = """
import jax
import numpy as np
import jax.numpy as jnp
from flax import nnx

def fori_loop(lower, upper, body_fun, init_val):
    return jax.lax.fori_loop(lower, upper + 1, body_fun, init_val)

def numpy_loop(lower, upper, body_fun, init_val):
    for i in range(int(lower), int(upper) + 1):
        init_val = body_fun(i, init_val)
    return init_val

numpy_loop.foricheck = {"array_namespace": "numpy"}

class Loops:
    stale = {}

    @classmethod
    def remembering(cls, lower, upper, body_fun, init_val):
        for i in range(int(lower), int(upper)):
            init_val = body_fun(i, init_val)
        return cls.stale.setdefault(body_fun.__code__, init_val)

class Refusing:
    foricheck = {"array_namespace": "numpy"}

    def __call__(self, lower, upper, body_fun, init_val):
        raise RuntimeError("out of order")

refusing = Refusing()

def fori_loop_recurrence(seed, x, hidden, T):
    W = jax.random.normal(nnx.Rngs(jax.random.key(seed)).params(), (hidden, hidden)) * 0.1
    return jax.lax.fori_loop(0, T + 1, lambda _, s: jnp.tanh(s @ W + x), jnp.asarray(x))
"""

RUN_ALL = """
import contextlib, io, json, sys
sys.modules["foricheck"] = None  # importing it is an error
said = []
for text in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(text, {"__name__": "__main__"})
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    said.append(out.getvalue())
json.dump(said, sys.stdout)
"""


def run_all(scripts: list[str], directory: Path) -> list[str]:
    """The output of each script, run in one process without foricheck."""
    environment = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    finished = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        input=json.dumps(scripts), cwd=directory, env=environment,
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said: list[str] = json.loads(finished.stdout)
    return said


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", text)]


def rule(id: str) -> Rule:
    (found,) = select(id, frozenset({"loop", "recurrence"}))
    return found


@dataclass(frozen=True)
class Shown:
    """A failure and the output of its script."""

    failure: Failure
    printed: str

    def at(self, path: str) -> float:
        """The number at a path of the first printed array."""
        place = tuple(int(each) for each in re.findall(r"\d+", path))
        inner = WIDTH if len(place) == 2 else 1
        return numbers(self.printed)[place[0] * inner + (place[1] if len(place) == 2 else 0)]


WRONG = {
    "a loop over JAX arrays": ("fori_loop", "ITER-02"),
    "a loop over NumPy arrays": ("numpy_loop", "ITER-02"),
    "a snippet": ("numpy_loop", "CARRY-08"),
    "calls in order": ("Loops.remembering", "ITER-09"),
    "an error": ("refusing", "CARRY-09"),
    "a recurrence": ("fori_loop_recurrence", "REC-03"),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """The failures of wrong targets, by defect, with the output of their scripts."""
    directory = tmp_path_factory.mktemp("scripts")
    (directory / "scripted_targets.py").write_text(TARGETS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.setattr(sys, "path", sys.path[:])
        failures = [_failure(*asked) for asked in WRONG.values()]
    printed = run_all([failure.script for failure in failures], directory)
    pairs = (Shown(*pair) for pair in zip(failures, printed, strict=True))
    return dict(zip(WRONG, pairs, strict=True))


def _failure(attribute: str, rules: str) -> Failure:
    target = load(TargetSpec(f"scripted_targets.py:{attribute}"))
    events: list[Event] = []
    running.run(planning.plan(target, pattern=rules), events.append)
    (result,) = Report.of(events).results
    assert result.failure is not None
    return result.failure


class TestWrongTargets:
    @pytest.mark.parametrize(
        "wrong", ["a loop over JAX arrays", "a loop over NumPy arrays", "a recurrence"]
    )
    def test_the_script_prints_what_the_target_gave(
        self, shown: dict[str, Shown], wrong: str
    ) -> None:
        found = shown[wrong]
        assert np.isclose(found.at(found.failure.path), float(found.failure.got), rtol=1e-6)

    def test_the_script_of_a_snippet_prints_what_the_target_gave(
        self, shown: dict[str, Shown]
    ) -> None:
        found = shown["a snippet"]
        assert float(found.failure.got) in numbers(found.printed)

    def test_the_script_of_calls_in_order_prints_every_call(self, shown: dict[str, Shown]) -> None:
        assert shown["calls in order"].printed.count("[[") == 6

    def test_the_script_of_calls_in_order_prints_what_the_target_gave(
        self, shown: dict[str, Shown]
    ) -> None:
        found = shown["calls in order"]
        call, row, column = (int(each) for each in re.findall(r"\d+", found.failure.path))
        printed = np.array(numbers(found.printed)).reshape(-1, ROWS, WIDTH)
        assert printed[call, row, column] == float(found.failure.got)

    def test_the_script_of_an_error_raises_it(self, shown: dict[str, Shown]) -> None:
        assert shown["an error"].printed == "RuntimeError: out of order\n"
        assert shown["an error"].failure.got == "RuntimeError: out of order"

    @pytest.mark.parametrize("wrong", WRONG)
    def test_the_script_does_not_name_us(self, shown: dict[str, Shown], wrong: str) -> None:
        assert "foricheck" not in shown[wrong].failure.script

    @pytest.mark.parametrize("wrong", WRONG)
    def test_a_script_over_numpy_arrays_does_not_name_jax(
        self, shown: dict[str, Shown], wrong: str
    ) -> None:
        text = shown[wrong].failure.script
        assert ("import jax" in text) is (WRONG[wrong][0] not in ("numpy_loop", "refusing"))


def recorded(dtype: str) -> LoopBatch:
    return loops.recording(dtype, [2], [5])


X = np.array([[0.5, -0.25, 1.0]], np.float32)
CALLED = RecurrenceBatch(3, np.array([7]), X, np.array([2]))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, str]:
    """The output of scripts of correct calls, by call and variant."""
    target = reference()
    scripts = {
        (dtype, variant): script(target, rule("ITER-01"), variant, recorded(dtype))
        for dtype in ("int32", "int8")
        for variant in ALL_VARIANTS
    }
    mine = (
        "def fori_loop_recurrence(seed, x, hidden, T):\n    return recurrence(seed, x, hidden, T)"
    )
    prelude = TARGETS.replace("T + 1", "T").replace("def fori_loop_recurrence", "def recurrence")
    for variant in ALL_VARIANTS:
        text = script(target, rule("REC-01"), variant, CALLED)
        text = text.replace("from foricheck import fori_loop_recurrence", mine)
        scripts["recurrence", variant] = f"{prelude}\n{text}"
    said = run_all(list(scripts.values()), tmp_path_factory.mktemp("right"))
    return dict(zip(scripts, said, strict=True))


class TestWays:
    @pytest.mark.parametrize("variant", ALL_VARIANTS, ids=str)
    @pytest.mark.parametrize("dtype", ["int32", "int8"])
    def test_a_loop_is_called_in_the_way(
        self, printed: dict[Any, str], dtype: str, variant: Variant
    ) -> None:
        expected = oracle.run(recorded(dtype))[0].ravel()
        assert numbers(printed[dtype, variant])[: len(expected)] == expected.tolist()

    @pytest.mark.parametrize("variant", ALL_VARIANTS, ids=str)
    def test_a_recurrence_is_called_in_the_way(
        self, printed: dict[Any, str], variant: Variant
    ) -> None:
        got = numbers(printed["recurrence", variant])[:3]
        bound = trajectory_bound(weights(7, 3), X[0], 2)
        np.testing.assert_allclose(got, bound.value, rtol=1e-6)

    @pytest.mark.parametrize("variant", ALL_VARIANTS, ids=str)
    def test_the_variant_is_in_the_script(self, variant: Variant) -> None:
        words = {"with_jit": "jax.jit(", "with_pmap": "jax.pmap(", "disable_jit": "disable_jit()"}
        text = script(reference(), rule("ITER-01"), variant, recorded("int32"))
        named = {transform for transform, word in words.items() if word in text}
        assert named == {variant.transform} & set(words)

    @pytest.mark.parametrize("variant", ALL_VARIANTS, ids=str)
    def test_traced_bounds_are_arguments(self, variant: Variant) -> None:
        text = script(reference(), rule("ITER-01"), variant, recorded("int32"))
        assert ("lambda lower, upper, c:" in text) is (variant.bounds == "traced")


@pytest.mark.parametrize("namespace", ["jax", "numpy"])
def test_every_snippet_runs_when_pasted(namespace: str, tmp_path: Path) -> None:
    """With a loop that returns its carry unchanged."""
    loop = "def fori_loop(lower, upper, body, init):\n    body(lower, init)\n    return init\n"
    target = of_callable(lambda lower, upper, f, x: x, array_namespace=namespace)
    variant = STATIC if namespace == "jax" else PLAIN
    subject = Subjects(target).one("loop", variant)
    names = ("every_dtype", "every_shape", "untouched", "permutations", "structure_changes")
    cases: list[Snippet] = [case for name in names for case in getattr(containers, name)(subject)]
    texts = [f"{loop}\n{script(target, rule('CARRY-01'), variant, case)}" for case in cases]
    printed = run_all(texts, tmp_path)
    assert not [said for said in printed if re.match(r"\w+Error: ", said)]


class TestDescription:
    @given(row=arrays(np.uint32, st.integers(1, 6), elements=st.integers(0, 2**32 - 1)))
    def test_x_reads_back_bit_for_bit(self, row: Array) -> None:
        x = np.nan_to_num(row.view(np.float32))
        assert self.read_back(x).tobytes() == x.tobytes()

    @pytest.mark.parametrize(
        "values",
        [[0.0] * 5, [-0.0] * 5, [0.0, -0.0, 0.0, 0.0, 0.0], [-0.0, 0.0, 0.0, 0.0, 0.0],
         [0, 0, 0.1, 0, 0], [0, 0, -0.1, 0, 0], [0, -0.0, 0.1, 0, 0], [0.1] * 5, [-0.1] * 5,
         [1e-30] * 5, [0, 1e30, 0, 0, 0], [3.4028235e38], [1e-45, 0, 0, 0]],
    )  # fmt: skip
    def test_short_forms_of_x_read_back_bit_for_bit(self, values: list[float]) -> None:
        x = np.array(values, np.float32)
        assert self.read_back(x).tobytes() == x.tobytes()

    @staticmethod
    def read_back(x: Array) -> Array:
        """The x in the description of a case."""
        case = RecurrenceBatch(len(x), np.array([0]), x[None], np.array([0]))
        text = describe(case).removeprefix("seed = 0, x = ").rpartition(", hidden")[0]
        value: Array = eval(text, {"np": np})
        assert value.dtype == np.float32
        return value

    @pytest.mark.parametrize(
        ("case", "text"),
        [
            (
                replace(
                    loops.recording("int8", [-1], [3]),
                    code=encode([("add", 1, INDEX, CONST, -7), ("scan", 2, 3, 0, 0)])[None],
                ),
                "lower = -1, upper = 3 (int8), registers = zeros, body: "
                "r1 ← add i, -7; r2 ← scan r3",
            ),
            (
                Snippet("0", "2", "def body(i, c):\n    return c + i\n", "xp.zeros(2)"),
                "fori_loop(0, 2, lambda i, c: c + i, xp.zeros(2))",
            ),
        ],
    )
    def test_a_case_is_described_in_words(self, case: Batch, text: str) -> None:
        assert describe(case) == text

    def test_calls_in_order_are_described_one_per_line(self) -> None:
        cases = loops.calls_in_order(recorded("int32"))
        assert len(describe(cases).splitlines()) == len(cases)

    def test_a_traced_seed_is_given_as_32_bits(self) -> None:
        negative = RecurrenceBatch(3, np.array([-1]), X, np.array([2]))
        assert "np.uint32(4294967295)" in script(reference(), rule("REC-01"), TRACED, negative)


def returning(result: str) -> str:
    snippet = Snippet("0", "3", f"def body(i, c):\n    return {result}\n", "(1, 2)")
    return describe(snippet)


class TestLambdas:
    """A body in the description of a case is a lambda that can be pasted."""

    def test_several_values_have_parentheses(self) -> None:
        assert returning("c[1], c[0]") == "fori_loop(0, 3, lambda i, c: (c[1], c[0]), (1, 2))"

    @pytest.mark.parametrize("result", ["(c[1], c[0])", "c", "c[0] + (i, 1)[0]"])
    def test_one_value_stays_as_it_is(self, result: str) -> None:
        assert returning(result) == f"fori_loop(0, 3, lambda i, c: {result}, (1, 2))"

    def test_a_body_of_several_statements_is_written_out(self) -> None:
        body = "def body(i, c):\n    d = c\n    return d"
        assert describe(Snippet("0", "3", f"{body}\n", "c")) == f"{body}\nfori_loop(0, 3, body, c)"
