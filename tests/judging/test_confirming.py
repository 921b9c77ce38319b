"""A failure is confirmed alone, with its body written out, before it is reported."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import jax
import numpy as np
import pytest

import foricheck
from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.confirming import AFTER_OTHERS, confirmable, confirmed
from foricheck.judging.events import Event, RuleFinished, RuleResult, ignore
from foricheck.judging.repeating import NOT_TWICE
from foricheck.targets.loading import of_callable

Loop = Callable[..., Any]


def plain(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    carry = init_val
    for i in range(int(lower), int(upper)):
        carry = body_fun(np.int32(i), carry)
    return carry


def after(calls: int, then: Callable[[Any], Any]) -> Loop:
    """A right loop up to a number of calls; afterwards, something is done to its result."""
    made = count(1)

    def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
        result = plain(lower, upper, body_fun, init_val)
        return then(result) if next(made) > calls else result

    return fori_loop


def raises(_: Any) -> Any:
    raise RuntimeError("too many programs")


def judged(make: Callable[[], Loop], rule: str, *, namespace: str = "numpy") -> RuleResult:
    """The result of a rule in one process, confirmed in one that makes the loop anew."""
    events: list[Event] = []
    running.run(_plan(make(), rule, namespace), events.append)
    (found,) = (event.result for event in events if isinstance(event, RuleFinished))
    assert confirmable(found)
    plan = _plan(make(), rule, namespace)
    return confirmed(plan, plan.rules[0], found, ignore)


def _plan(loop: Loop, rule: str, namespace: str) -> planning.Plan:
    target = of_callable(loop, array_namespace=namespace, kind="loop", without=("unroll",))
    return planning.plan(target, pattern=rule)


def why(result: RuleResult) -> str:
    assert result.failure is not None
    return result.failure.why


RULES = pytest.mark.parametrize("rule", ["ITER-01", "CARRY-04"])


class TestAWrongLoop:
    @RULES
    def test_it_has_failed(self, rule: str) -> None:
        assert judged(lambda: after(0, lambda result: [result]), rule).status == "failed"


class TestStateLeftBehind:
    @RULES
    def test_it_is_a_failure_of_that_kind(self, rule: str) -> None:
        result = judged(lambda: after(5, lambda result: [result]), rule)
        assert (result.status, why(result)[: len(AFTER_OTHERS)]) == ("failed", AFTER_OTHERS)

    def test_an_error_at_the_second_call_is_one_too(self) -> None:
        result = judged(lambda: after(1, raises), "CARRY-04")
        assert (result.status, why(result)[: len(AFTER_OTHERS)]) == ("failed", AFTER_OTHERS)


class TestALimitOfOneProcess:
    @RULES
    def test_a_compiler_that_has_had_enough_is_not_accused(self, rule: str) -> None:
        result = judged(lambda: after(8, raises), rule)
        assert result.status == "skipped"
        assert "too many programs" in result.reason


class TestNotTheSameTwice:
    def test_what_cannot_be_reproduced_is_not_the_same_twice(self) -> None:
        loops = iter([after(5, lambda result: [result]), plain])
        assert why(judged(lambda: next(loops), "CARRY-04")) == NOT_TWICE

    def test_an_error_that_cannot_be_reproduced_is_not_a_broken_rule(self) -> None:
        loops = iter([after(8, raises), plain])
        assert judged(lambda: next(loops), "CARRY-04").status == "passed"


def without_constants(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """A loop inside a kernel that cannot capture what is traced outside of it."""
    closed = jax.make_jaxpr(body_fun)(lower, init_val)
    if any(isinstance(each, jax.core.Tracer) for each in closed.consts):
        raise NotImplementedError("a kernel cannot capture constants")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val)


class TestBodiesAsData:
    """A loop that cannot capture the suite's own program is judged on bodies that are written."""

    @pytest.mark.parametrize("rule", ["ITER-02", "BOUND-03"])
    def test_it_is_not_accused(self, rule: str) -> None:
        result = judged(lambda: without_constants, rule, namespace="jax")
        assert (result.status, "a kernel cannot" in result.reason) == ("passed", True)

    @pytest.mark.parametrize("rule", ["ITER-02", "BOUND-03"])
    def test_one_that_declares_it_is_judged_so_from_the_start(self, rule: str) -> None:
        report = foricheck.check(
            without_constants, kind="loop", rules=rule, without=("unroll", "closures")
        )
        assert [(result.status, result.reason) for result in report.results] == [("passed", "")]

    def test_a_wrong_one_is(self) -> None:
        def one_more(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return without_constants(lower, upper + 1, body_fun, init_val)

        assert judged(lambda: one_more, "ITER-02", namespace="jax").status == "failed"


class TestConfirmable:
    def test_a_rule_that_passed_is_not(self) -> None:
        result = RuleResult(id="ITER-01", level="core", sentence="", status="passed")
        assert not confirmable(result)
