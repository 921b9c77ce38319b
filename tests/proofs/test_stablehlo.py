"""Reading a lowered program: operations in a While's body, inline or in functions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest

from foricheck.proofs.stablehlo import in_whiles

CALLED = """\
module @jit_f attributes {mhlo.num_partitions = 1 : i32} {
  func.func public @main(%arg0: tensor<f32> {mhlo.x = "y"}) -> (tensor<f32> {jax.result = ""}) {
    %0:2 = stablehlo.while(%a = %c, %b = %arg0) : tensor<i32>, tensor<f32>
    cond {
      %1 = stablehlo.compare LT, %a, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %2 = func.call @step(%b) : (tensor<f32>) -> tensor<f32>
      %3 = func.call @step(%2) : (tensor<f32>) -> tensor<f32>
      stablehlo.return %a, %3 : tensor<i32>, tensor<f32>
    }
    %4 = call @step(%0#1) : (tensor<f32>) -> tensor<f32>
    return %4 : tensor<f32>
  }
  func.func private @step(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = stablehlo.cosine %arg0 : tensor<f32>
    return %0 : tensor<f32>
  }
}
"""


def lowered(function: object) -> str:
    text: str = jax.jit(function).lower(jnp.ones(3)).as_text()  # type: ignore[call-overload]
    return text


def cosines(trips: int, **keywords: object) -> list[int]:
    """The count in a loop with one cosine."""
    text = lowered(lambda c: jax.lax.fori_loop(0, trips, lambda i, c: jnp.cos(c), c, **keywords))
    return in_whiles(text, "stablehlo.cosine")


def test_calls_are_followed() -> None:
    assert in_whiles(CALLED, "stablehlo.cosine") == [2]


def test_the_condition_does_not_count() -> None:
    assert in_whiles(CALLED, "stablehlo.compare") == [0]


def test_other_operations_of_a_longer_name_do_not_count() -> None:
    assert in_whiles(CALLED.replace("cosine", "cosine_like"), "stablehlo.cosine") == [0]


def test_a_program_without_a_loop_has_none() -> None:
    assert in_whiles(lowered(jnp.cos), "stablehlo.cosine") == []


@pytest.mark.parametrize("factor", [1, 2, 3, 7])
def test_a_loop_of_jax(factor: int) -> None:
    assert cosines(20, unroll=factor) == [factor]


def test_a_loop_that_is_unrolled_completely() -> None:
    assert cosines(20, unroll=True) == []


def test_a_loop_in_a_loop_counts_for_both() -> None:
    def body(i: object, c: jax.Array) -> jax.Array:
        return jax.lax.fori_loop(0, 5, lambda j, c: jnp.cos(c), jnp.cos(c))

    text = lowered(lambda c: jax.lax.fori_loop(0, 5, body, c))
    assert sorted(in_whiles(text, "stablehlo.cosine")) == [1, 2]
