"""The property test of equivalence that one would write first, for comparison with the rules.

``python -m foricheck.conformance.jax_mutants.plain NAME`` exits with 1 if it kills a mutant.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foricheck.conformance.jax_mutants import jax_mutants, loop_of

__all__ = ["check_equivalence", "kills"]

_EXAMPLES = 100
_SECONDS = 120.0
"""A right loop takes a tenth of it."""


def kills(name: str) -> bool:
    """Whether the test kills a mutant, in a process of its own: one that hangs is killed too."""
    command = [sys.executable, "-m", __name__, name]
    try:
        return subprocess.run(command, timeout=_SECONDS, capture_output=True).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def check_equivalence(loop: Callable[..., Any]) -> None:
    """Compare a loop with Python's: static and traced bounds, an integer and a float leaf.

    Raises:
        AssertionError: it differs; what the loop raises is passed on.
    """

    @settings(
        max_examples=_EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,  # every static range is compiled
        derandomize=True,
        suppress_health_check=list(HealthCheck),  # a test that is slow is still a test
    )
    @given(st.integers(-10, 10), st.integers(-10, 10), st.integers(-100, 100))
    def test(lower: int, upper: int, start: int) -> None:
        init = jnp.int32(start), jnp.full(3, start, jnp.float32)
        expected = np.int32(start), np.full(3, start, np.float32)
        for i in range(lower, upper):
            expected = expected[0] * np.int32(3) + np.int32(i), expected[1] * np.float32(0.5) + i
        for got in (loop(lower, upper, _body, init), traced(lower, upper, init)):
            np.testing.assert_array_equal(got[0], expected[0])
            np.testing.assert_allclose(got[1], expected[1], rtol=1e-6)

    traced = jax.jit(lambda lower, upper, init: loop(lower, upper, _body, init))
    with np.errstate(over="ignore"):  # integers wrap around
        test()


def _body(i: Any, carry: tuple[Any, Any]) -> tuple[Any, Any]:
    return carry[0] * 3 + i, carry[1] * 0.5 + i


if __name__ == "__main__":
    (chosen,) = (mutant for mutant in jax_mutants() if mutant.name == sys.argv[1])
    check_equivalence(loop_of(chosen))
