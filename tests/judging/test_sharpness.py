"""The rules on the recurrence are sharp at every hidden size, not only at those they draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from foricheck.cases.variants import TRACED
from foricheck.comparison.violations import Violation
from foricheck.conformance.zoo.rec import precision as zoo
from foricheck.conformance.zoo.support.exercise import solve, tanh_step
from foricheck.judging.subjects import Subjects
from foricheck.reference import fori_loop_recurrence
from foricheck.rules.registry import all_rules
from foricheck.strategies.choices import spread
from foricheck.strategies.rec import recurrences
from foricheck.targets.jax.recurrence import JaxRecurrence
from foricheck.targets.loading import of_callable

HIDDEN = (2, 3, 5, 8, 16, 31, 64, 100, 128, 200, 256, 400, 512)
CASES = 8


def ratio(recurrence: Callable[..., Any], hidden: int) -> float:
    """The test ratio of REC-02 at one hidden size."""
    subject = Subjects(of_callable(recurrence, kind="recurrence")).one("recurrence", TRACED)
    assert isinstance(subject, JaxRecurrence)
    subject.lanes = CASES
    (rule,) = (rule for rule in all_rules() if rule.id == "REC-02")
    state = recurrences.State(hidden, subject.dtype.name)
    largest = rule.prop(subject, recurrences.long(state, spread(0, CASES, recurrences.CASE)))
    assert largest is not None
    return largest


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("mutant", [zoo.product_in_bfloat16, zoo.tanh_off_by_1e4])
def test_an_inaccurate_step_is_caught(mutant: Callable[..., Any], hidden: int) -> None:
    with pytest.raises(Violation):
        ratio(mutant, hidden)


@pytest.mark.parametrize("hidden", [1, *HIDDEN])
def test_the_bound_is_kept_by_the_reference_and_approached(hidden: int) -> None:
    assert 0.05 < ratio(fori_loop_recurrence, hidden) < 1


def product_in_float32(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Multiplies in float32 and adds in float64."""

    def step(state: jax.Array, W: jax.Array, x: jax.Array) -> jax.Array:
        product = state.astype(jnp.float32) @ W.astype(jnp.float32)
        return jnp.tanh(product.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


def tanh_off_by_1e9(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Has a relative error of 1e-9 in tanh."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: tanh_step(state, W, x) * (1 - 1e-9))


def weights_in_float32(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Draws W in float32, whatever x is."""

    def weights(seed: Any, n: int) -> jax.Array:
        key = jax.random.fold_in(jax.random.key(seed), 0)
        return (jax.random.normal(key, (n, n), jnp.float32) * 0.1).astype(x.dtype)

    return solve(seed, x, hidden, T, weights=weights)


def scale_in_float32(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Scales W by the float32 next to 0.1."""

    def weights(seed: Any, n: int) -> jax.Array:
        key = jax.random.fold_in(jax.random.key(seed), 0)
        return jax.random.normal(key, (n, n)) * jnp.float32(0.1)

    return solve(seed, x, hidden, T, weights=weights)


def seed_mod_32_bits(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Takes the lower half of the seed."""
    return solve(seed, x, hidden, T, number=lambda seed: seed & 0xFFFFFFFF)


class TestX64:
    @pytest.fixture(autouse=True)
    def x64(self) -> Iterator[None]:
        with jax.enable_x64(True):
            yield

    @pytest.mark.parametrize("hidden", [2, 512])
    @pytest.mark.parametrize(
        "mutant",
        [
            product_in_float32,
            tanh_off_by_1e9,
            weights_in_float32,
            scale_in_float32,
            seed_mod_32_bits,
            zoo.tanh_pade,
            zoo.state_in_float16,
        ],
    )
    def test_an_inaccurate_step_is_caught(self, mutant: Callable[..., Any], hidden: int) -> None:
        with pytest.raises(Violation):
            ratio(mutant, hidden)

    @pytest.mark.parametrize("hidden", [1, 2, 8, 64, 256, 512])
    def test_the_bound_is_kept_by_the_reference_and_approached(self, hidden: int) -> None:
        assert 0.01 < ratio(fori_loop_recurrence, hidden) < 1
