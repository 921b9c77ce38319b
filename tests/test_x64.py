"""A run with x64 on: the recurrence is judged in float64, with 64-bit seeds and trip counts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck import fori_loop_recurrence
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import PLAIN, STATIC, TRACED, Variant
from foricheck.conformance.zoo.support.exercise import normal_weights, tanh_step
from foricheck.errors import RequestError
from foricheck.evidence.record import Record
from foricheck.evidence.script import describe, script
from foricheck.expected import deviations
from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event, RuleResult, ignore
from foricheck.judging.rerun import rerun
from foricheck.oracle.bounds import trajectory_bound
from foricheck.oracle.recurrence import weights
from foricheck.oracle.rounding import FLOAT32, FLOAT64
from foricheck.report.report import Report
from foricheck.rules.selection import select
from foricheck.targets.jax.recurrence import JaxRecurrence
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.numpy.recurrence import NumpyRecurrence
from foricheck.targets.spec import TargetSpec

X = np.array([0.1, -1 / 3, np.pi])
SEEDS = [0, -1, 7, 2**31, 2**32 - 1, 2**32 + 5, 2**63 - 1, -(2**63)]


@pytest.fixture(autouse=True)
def x64() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def ratio(got: Any, seed: int, T: int) -> float:
    exact = weights(seed, len(X), dtype=np.float64)
    return trajectory_bound(exact, X, T, arithmetic=FLOAT64).worst(got)


def strict(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """The documented solution, which promotes nothing."""
    x, W = jnp.asarray(x), normal_weights(seed, hidden)
    return jax.lax.fori_loop(0, T, lambda _, state: tanh_step(state, W, x), x)


def results(target: Any, rules: str) -> tuple[RuleResult, ...]:
    heard: list[Event] = []
    plan = planning.plan(target, pattern=rules, profile="quick", bundled=True)
    running.run(plan, heard.append)
    return tuple(Report.of(heard).results)


class TestReference:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_the_weights_are_those_of_the_whole_seed(self, seed: int) -> None:
        got = fori_loop_recurrence(seed, X, 3, 2)
        assert got.dtype == np.float64
        assert ratio(got, seed, 2) <= 1

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_traced_seed_gives_the_same_weights(self, seed: int) -> None:
        traced = jax.jit(lambda seed: fori_loop_recurrence(seed, X, 3, 2))
        assert ratio(traced(np.int64(seed)), seed, 2) <= 1

    @pytest.mark.parametrize("seed", [2.0**40 + 0.5, -(2.0**33) - 1.5])
    def test_a_traced_float_seed_is_truncated_to_64_bits(self, seed: float) -> None:
        traced = jax.jit(lambda seed: fori_loop_recurrence(seed, X, 3, 1))
        assert ratio(traced(seed), int(seed), 1) <= 1

    @pytest.mark.parametrize("T", [-(2**63), -(2**32) + 3, 0])
    def test_a_traced_trip_count_has_64_bits(self, T: int) -> None:
        traced = jax.jit(lambda T: fori_loop_recurrence(7, X, 3, T))
        np.testing.assert_array_equal(traced(np.int64(T)), X)

    @pytest.mark.parametrize("T", [0, 2])
    @pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
    def test_what_is_narrower_is_promoted(self, dtype: str, T: int) -> None:
        assert fori_loop_recurrence(7, jnp.ones(3, dtype), 3, T).dtype == np.float64


class TestJudging:
    @pytest.mark.parametrize("rules", ["REC-04", "REC-06", "REC-07", "REC-12", "BOUND-12"])
    def test_the_reference_passes(self, rules: str) -> None:
        (result,) = results(reference(), rules)
        assert result.status == "passed", result.failure

    def test_the_documented_solution_passes_and_may_be_traced(self) -> None:
        target = of_callable(strict, array_namespace="jax")
        assert "traced" in target.capabilities
        (result,) = results(target, "REC-05")
        assert result.status == "passed", result.failure

    def test_a_float32_result_is_told(self) -> None:
        def narrow(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
            return strict(seed, x, hidden, T).astype(jnp.float32)

        (result,) = results(of_callable(narrow, array_namespace="jax"), "REC-08")
        assert result.failure is not None
        assert result.failure.expected == "float64[1]"

    def test_numbers_are_told_with_all_their_digits(self) -> None:
        def off(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
            return strict(seed, x, hidden, T) * (1 + 1e-12)

        (result,) = results(of_callable(off, array_namespace="jax"), "REC-05")
        assert result.failure is not None
        expected = float(result.failure.expected.partition(" ")[0])
        assert float(result.failure.got) / expected - 1 == pytest.approx(1e-12, rel=1e-3)

    def test_a_target_over_numpy_arrays_is_judged_in_float32(self) -> None:
        target = of_callable(strict, array_namespace="numpy")
        assert NumpyRecurrence(target, PLAIN).arithmetic == FLOAT32

    def test_deviations_of_32_bits_are_none(self) -> None:
        assert "BOUND-12" not in deviations.installed()
        with jax.enable_x64(False):
            assert "BOUND-12" in deviations.installed()


class TestReplay:
    def test_a_case_of_the_other_precision_is_refused(self) -> None:
        case = RecurrenceBatch(3, np.array([0]), X[None].astype(np.float32), np.array([1]))
        record = Record(
            id="REC-05-0",
            rule="REC-05",
            variant=str(STATIC),
            data=case.to_json(),
            spec=TargetSpec(),
        )
        with pytest.raises(RequestError, match="JAX_ENABLE_X64"):
            rerun(reference(), record, ignore)

    @pytest.mark.parametrize(("x64", "dtype"), [(False, "float32"), (True, "float64")])
    def test_a_case_of_the_precision_of_jax_is_taken(self, x64: bool, dtype: str) -> None:
        with jax.enable_x64(x64):
            case = RecurrenceBatch(3, np.array([0]), X[None].astype(dtype), np.array([1]))
            assert JaxRecurrence(reference(), STATIC).accepts(case)


class TestScript:
    def printed(self, variant: Variant, case: RecurrenceBatch) -> str:
        (rule,) = select("REC-01", frozenset({"recurrence"}))
        command = [sys.executable, "-c", script(reference(), rule, variant, case)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    @pytest.mark.parametrize("variant", [STATIC, TRACED], ids=str)
    def test_it_makes_the_call_in_float64(self, variant: Variant) -> None:
        case = RecurrenceBatch(3, np.array([2**32 + 5]), X[None], np.array([2]))
        got = np.array(self.printed(variant, case).strip("[]\n").split(), np.float64)
        assert ratio(got, 2**32 + 5, 2) <= 1

    @pytest.mark.parametrize(
        "x", [X, np.full(5, 0.1), np.array([0, 0, 1e-300, 0]), np.array([-0.0, 1e300, 0, 0])]
    )
    def test_x_reads_back_bit_for_bit(self, x: np.ndarray) -> None:
        told = describe(RecurrenceBatch(len(x), np.array([0]), x[None], np.array([0])))
        text = told.removeprefix("seed = 0, x = ").rpartition(", hidden")[0]
        value: np.ndarray = eval(text, {"np": np})
        assert (value.dtype, value.tobytes()) == (x.dtype, x.tobytes())
