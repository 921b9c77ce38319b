"""The pasted script of a case of a loop asserts what the rule asks."""

from __future__ import annotations

from typing import Any

import jax
import pytest

from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC
from foricheck.comparison.violations import Violation
from foricheck.evidence.script.loop_cases import lines
from foricheck.rules.draws import Enumerated
from foricheck.rules.selection import select
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference


def one_trip_more(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong: the index after the last has an iteration."""
    return jax.lax.fori_loop(lower, upper + 1, body_fun, init_val)


def two_loops(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Right in its value: the last iteration is a loop of its own."""
    first = jax.lax.fori_loop(lower, upper - 1, body_fun, init_val)
    return jax.lax.fori_loop(upper - 1, upper, body_fun, first)


def script_of(id: str) -> str:
    """The lines for the first case of a rule."""
    (rule,) = select(id, frozenset({"loop"}))
    assert isinstance(rule.draw, Enumerated)
    case = next(iter(rule.draw.batches(JaxLoop(reference(), STATIC))))
    assert isinstance(case, LoopCase)
    return "\n".join(lines(rule, case))


@pytest.mark.parametrize(("id", "wrong"), [("GRAD-02", one_trip_more), ("TRACE-04", two_loops)])
def test_a_wrong_loop_fails_and_a_right_one_does_not(id: str, wrong: Any) -> None:
    script = script_of(id)
    exec(script, {"fori_loop": jax.lax.fori_loop})
    with pytest.raises(Violation):
        exec(script, {"fori_loop": wrong})
