"""The reference: what it computes, what it takes, and how it says no."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from hypothesis import given, settings
from hypothesis import strategies as st

from foricheck import Recurrence, fori_loop_recurrence
from foricheck.oracle.bounds import trajectory_bound
from foricheck.oracle.recurrence import weights

X = np.array([0.5, -0.25, 1.0], np.float32)
BAD_NUMBERS = [
    ("abc", TypeError, "expected a real number, got 'abc'"),
    (None, TypeError, "expected a real number, got None"),
    (1j, TypeError, "expected a real number, got 1j"),
    ([1], TypeError, r"expected a real number, got \[1\]"),
    (np.ones(2), TypeError, "expected a real number, got array"),
    (float("nan"), ValueError, "expected a finite number, got nan"),
    (float("inf"), ValueError, "expected a finite number, got inf"),
    (-np.inf, ValueError, "expected a finite number, got -inf"),
    (np.float32("nan"), ValueError, "expected a finite number, got .*nan"),
    (jnp.float32("inf"), ValueError, "expected a finite number, got .*inf"),
]


def same_bits(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()


def ratio(got: Any, seed: int, x: np.ndarray, T: int) -> float:
    """The largest error of a result divided by its derived bound."""
    return trajectory_bound(weights(seed, len(x)), x, T).worst(got)


class TestMessages:
    """Every error names the argument and what was expected."""

    @pytest.mark.parametrize("name", ["seed", "hidden", "T"])
    @pytest.mark.parametrize(("bad", "error", "message"), BAD_NUMBERS, ids=lambda _: "")
    def test_of_a_number(self, name: str, bad: Any, error: type[Exception], message: str) -> None:
        arguments: dict[str, Any] = {"seed": 0, "x": X, "hidden": 3, "T": 2} | {name: bad}
        with pytest.raises(error, match=f"^{name}: {message}"):
            fori_loop_recurrence(**arguments)

    @pytest.mark.parametrize("hidden", [0, -1, 0.9, -0.5, False])
    def test_of_a_hidden_size_below_1(self, hidden: Any) -> None:
        with pytest.raises(ValueError, match=f"^hidden: expected at least 1, got {int(hidden)}"):
            fori_loop_recurrence(0, X, hidden, 2)

    @pytest.mark.parametrize("seed", [2**63, -(2**63) - 1, 1e30])
    def test_of_a_seed_that_is_too_large(self, seed: Any) -> None:
        with pytest.raises(ValueError, match=r"^seed: expected a number that fits .*64-bit"):
            fori_loop_recurrence(seed, X, 3, 2)

    @pytest.mark.parametrize("T", [2**31, 1e10, 10**30])
    def test_of_a_trip_count_that_is_too_large(self, T: Any) -> None:
        with pytest.raises(ValueError, match=r"^T: expected at most 2\*\*31 - 1, got"):
            fori_loop_recurrence(0, X, 3, T)

    @pytest.mark.parametrize("shape", [(), (2,), (4,), (0,), (1, 3), (3, 1), (3, 3)])
    def test_of_an_x_of_another_shape(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match=r"^x: expected real numbers of shape \(3,\)"):
            fori_loop_recurrence(0, np.ones(shape, np.float32), 3, 2)

    @pytest.mark.parametrize(
        "x", ["abc", ["1", "2", "3"], None, [1, "2", 3], object(), X + 1j, [[1], [2, 3]]]
    )
    def test_of_an_x_that_is_no_real_numbers(self, x: Any) -> None:
        with pytest.raises(TypeError, match=r"^x: expected real numbers of shape \(3,\)"):
            fori_loop_recurrence(0, x, 3, 2)

    def test_of_a_traced_hidden_size(self) -> None:
        with pytest.raises(TypeError, match=r"^hidden: expected a concrete number"):
            jax.jit(lambda hidden: fori_loop_recurrence(0, X, hidden, 2))(3)

    @pytest.mark.parametrize("name", ["seed", "T"])
    @pytest.mark.parametrize("bad", [np.ones(2, np.int32), np.complex64(1)])
    def test_of_a_traced_number(self, name: str, bad: Any) -> None:
        arguments: dict[str, Any] = {"seed": 0, "x": X, "T": 2}
        with pytest.raises(TypeError, match=f"^{name}: expected a real number, got"):
            jax.jit(lambda bad: fori_loop_recurrence(hidden=3, **arguments | {name: bad}))(bad)


class TestTrips:
    @pytest.mark.parametrize("T", [0, -1, -5, -(2**31), -(2**40), -0.0, -0.9, 0.9, False])
    def test_none_gives_x(self, T: Any) -> None:
        assert same_bits(fori_loop_recurrence(7, X, 3, T), X)

    @pytest.mark.parametrize("T", [0, -1, -(2**31)])
    def test_none_gives_x_when_traced(self, T: int) -> None:
        traced = jax.jit(lambda T: fori_loop_recurrence(7, X, 3, T))
        assert same_bits(traced(np.int32(T)), X)

    def test_none_keeps_the_sign_of_zero(self) -> None:
        x = np.array([-0.0, 0.0], np.float32)
        assert same_bits(fori_loop_recurrence(7, x, 2, 0), x)

    @pytest.mark.parametrize("T", [1, 2, 5])
    def test_some_are_so_many_steps(self, T: int) -> None:
        got = fori_loop_recurrence(7, X, 3, T)
        assert ratio(got, 7, X, T) <= 1 < min(ratio(got, 7, X, T - 1), ratio(got, 7, X, T + 1))


class TestNumbers:
    @given(seed=st.floats(-1e6, 1e6), hidden=st.floats(1, 4, exclude_max=True), T=st.floats(-3, 9))
    @settings(max_examples=10)
    def test_floats_are_truncated(self, seed: float, hidden: float, T: float) -> None:
        x = X[: int(hidden)]
        whole = fori_loop_recurrence(int(seed), x, int(hidden), int(T))
        assert same_bits(fori_loop_recurrence(seed, x, hidden, T), whole)

    @pytest.mark.parametrize("kind", [float, np.float32, np.int64, np.uint8, np.array, jnp.int32])
    def test_numbers_of_every_sort_are_one_number(self, kind: Callable[..., Any]) -> None:
        whole = fori_loop_recurrence(7, X, 3, 2)
        assert same_bits(fori_loop_recurrence(kind(7), X, kind(3), kind(2)), whole)

    @pytest.mark.parametrize("seed", [0, -1, 2**31 - 1, 2**31, 2**32 - 1, 2**32, -(2**63)])
    def test_any_seed_of_64_bits_is_one(self, seed: int) -> None:
        assert fori_loop_recurrence(seed, X, 3, 1).shape == (3,)

    @pytest.mark.parametrize("seed", [0, 7, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1])
    def test_the_weights_are_those_of_the_seed(self, seed: int) -> None:
        assert ratio(fori_loop_recurrence(seed, X, 3, 1), seed, X, 1) <= 1


class TestTracing:
    @pytest.mark.parametrize("T", [np.int8(3), np.int32(3), np.uint32(3), np.uint8(3)])
    def test_a_traced_trip_count_of_any_integer_dtype(self, T: Any) -> None:
        traced = jax.jit(lambda T: fori_loop_recurrence(7, X, 3, T))
        assert ratio(traced(T), 7, X, 3) <= 1

    @pytest.mark.parametrize("T", [3.9, 3.0, 0.9, -0.9, -2.5])
    def test_a_traced_float_is_truncated(self, T: float) -> None:
        traced = jax.jit(lambda T: fori_loop_recurrence(7, X, 3, T))
        assert ratio(traced(np.float32(T)), 7, X, max(int(T), 0)) <= 1

    @pytest.mark.parametrize("seed", [0, 7, 2**31 - 1, 2**31, 2**32 - 1])
    def test_a_traced_seed_gives_the_same_weights(self, seed: int) -> None:
        traced = jax.jit(lambda seed: fori_loop_recurrence(seed, X, 3, 1))
        assert ratio(traced(np.uint32(seed)), seed, X, 1) <= 1

    @pytest.mark.parametrize("seed", [7.9, -0.5])
    def test_a_traced_float_seed_is_truncated(self, seed: float) -> None:
        traced = jax.jit(lambda seed: fori_loop_recurrence(seed, X, 3, 1))
        assert ratio(traced(np.float32(seed)), int(seed), X, 1) <= 1

    @given(seed=st.integers(0, 2**32 - 1), T=st.integers(-1, 8))
    @settings(max_examples=25)
    def test_jit_and_eager_are_both_within_the_bound(self, seed: int, T: int) -> None:
        eager = fori_loop_recurrence(seed, X, 3, T)
        traced = _jitted(np.uint32(seed), X, np.int32(T))
        assert max(ratio(eager, seed, X, max(T, 0)), ratio(traced, seed, X, max(T, 0))) <= 1

    def test_a_traced_trip_count_is_traced_once(self) -> None:
        traced: list[None] = []

        @jax.jit
        def counted(T: jax.Array) -> jax.Array:
            traced.append(None)
            return fori_loop_recurrence(7, X, 3, T)

        for T in (0, 1, 5, 9):
            counted(np.int32(T))
        assert len(traced) == 1

    def test_it_is_one_while_whatever_the_trip_count(self) -> None:
        def loops(T: int) -> int:
            shown = str(jax.make_jaxpr(lambda x: fori_loop_recurrence(7, x, 3, T))(X))
            return shown.count("while[") + shown.count("scan[")

        assert loops(2) == loops(1000) == 1

    def test_a_static_trip_count_can_be_differentiated(self) -> None:
        got = jax.grad(lambda x: fori_loop_recurrence(7, x, 3, 4).sum())(X)
        assert np.isfinite(got).all()


@jax.jit
def _jitted(seed: jax.Array, x: jax.Array, T: jax.Array) -> jax.Array:
    return fori_loop_recurrence(seed, x, 3, T)


class TestPrecision:
    @pytest.mark.parametrize("T", [0, 2])
    @pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int8", "int32", "uint8", "bool"])
    def test_narrow_floats_and_integers_are_promoted(self, dtype: str, T: int) -> None:
        assert fori_loop_recurrence(7, jnp.ones(3, dtype), 3, T).dtype == np.float32

    @pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int8"])
    def test_promotion_keeps_the_value(self, dtype: str) -> None:
        x = jnp.array([1, -2, 3], dtype)
        wide = np.array([1, -2, 3], np.float32)
        assert same_bits(fori_loop_recurrence(7, x, 3, 0), wide)
        assert same_bits(fori_loop_recurrence(7, x, 3, 3), fori_loop_recurrence(7, wide, 3, 3))

    def test_a_list_of_numbers_is_an_x(self) -> None:
        assert fori_loop_recurrence(7, [1, 0.5, 2], 3, 1).dtype == np.float32

    def test_the_caller_keeps_x(self) -> None:
        x = X.copy()
        fori_loop_recurrence(7, x, 3, 5)
        assert same_bits(x, X)


class TestModule:
    @pytest.fixture
    def model(self) -> Recurrence:
        return Recurrence(3, rngs=nnx.Rngs(7))

    def test_its_weights_are_a_parameter(self, model: Recurrence) -> None:
        assert isinstance(model.W, nnx.Param)
        assert model.W.shape == (3, 3)

    def test_its_weights_are_drawn_from_the_stream(self, model: Recurrence) -> None:
        drawn = jax.random.normal(nnx.Rngs(7).params(), (3, 3)) * 0.1
        assert same_bits(model.W[...], drawn)

    def test_it_is_the_function(self, model: Recurrence) -> None:
        assert same_bits(model(jnp.asarray(X), 4), fori_loop_recurrence(7, X, 3, 4))

    def test_a_call_leaves_the_parameter_alone(self, model: Recurrence) -> None:
        parameter, before = model.W, np.asarray(model.W[...]).copy()
        model(jnp.asarray(X), 5)
        assert model.W is parameter
        assert same_bits(model.W[...], before)

    def test_a_call_warns_of_nothing(self, model: Recurrence) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Recurrence(3, rngs=nnx.Rngs(8))(jnp.asarray(X), 2)

    def test_it_takes_a_batch_of_states(self, model: Recurrence) -> None:
        rows = jnp.stack([X, -X])
        assert model(rows, 3).shape == (2, 3)

    def test_it_survives_split_and_merge(self, model: Recurrence) -> None:
        graph, state = nnx.split(model)
        assert same_bits(nnx.merge(graph, state)(jnp.asarray(X), 3), model(jnp.asarray(X), 3))

    def test_it_runs_under_nnx_jit(self, model: Recurrence) -> None:
        got = nnx.jit(lambda model, x, T: model(x, T))(model, jnp.asarray(X), np.int32(4))
        assert ratio(got, 7, X, 4) <= 1

    def test_its_state_is_the_weights_alone(self, model: Recurrence) -> None:
        assert len(jax.tree.leaves(nnx.state(model))) == 1
