"""Covering cases put to loops over JAX arrays: right ones give what they must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.comparison.outcomes import must_give
from foricheck.comparison.violations import Violation
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.rows import cases, over_exact_trips
from foricheck.targets.jax.case import outcomes

SAMPLE = [over_exact_trips(case) for case in list(cases(0, 2))[::45]]


@pytest.mark.parametrize("case", SAMPLE, ids=range(len(SAMPLE)))
def test_the_loop_of_jax_gives_what_it_must(case: LoopCase) -> None:
    must_give(case, expected_of(case), outcomes(case, jax.lax.fori_loop))


def wrong_by(change: Callable[..., Any]) -> Callable[..., Any]:
    """A loop whose arguments lower, upper, body and carry a function changes."""

    def loop(lower: Any, upper: Any, body_fun: Any, init_val: Any, **keywords: Any) -> Any:
        return jax.lax.fori_loop(*change(lower, upper, body_fun, init_val), **keywords)

    return loop


SHORT = wrong_by(lambda lower, upper, body, init: (lower, upper - 1, body, init))
AS_ARRAYS = wrong_by(
    lambda lower, upper, body, init: (lower, upper, body, jax.tree.map(jnp.sin, init))
)


@pytest.mark.parametrize(
    ("loop", "case"),
    [
        (SHORT, LoopCase()),
        (SHORT, LoopCase(around=(Around("vmap", ("carry",), (0, 0)),))),
        (SHORT, LoopCase(body=Body(steps=(), effects=(Effect("unordered", "none"),)))),
        (SHORT, LoopCase(Bounds(trips=(2,), given="traced"), around=(Around("jit"),))),
        (
            AS_ARRAYS,
            LoopCase(carry=Carry("leaf", (Leaf("float32"),)), body=Body(steps=(Step("bump"),))),
        ),
        (lambda *_, **__: (1, 2), LoopCase()),
    ],
)
def test_a_wrong_loop_does_not(loop: Callable[..., Any], case: LoopCase) -> None:
    with pytest.raises(Violation):
        must_give(case, expected_of(case), outcomes(case, loop))
