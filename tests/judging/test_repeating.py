"""A target that does not answer the same twice has failed the rule, and both answers are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from foricheck.cases.loop import LoopBatch
from foricheck.cases.variants import PLAIN
from foricheck.comparison.violations import Difference
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging.checker import Judgement
from foricheck.judging.judge import judge
from foricheck.judging.repeating import NOT_TWICE, TOGETHER, same_answer
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import Task
from foricheck.oracle import programs as oracle
from foricheck.rules.budget import Budget
from foricheck.rules.selection import select
from foricheck.targets.loading import of_callable
from foricheck.targets.numpy.loop import NumpyLoop

DRAWN, BULK, ENUMERATED = "CARRY-03", "ITER-04", "CARRY-08"
EVERY_DRAW = pytest.mark.parametrize("id", [DRAWN, BULK, ENUMERATED])

Loop = Callable[..., Any]


def judged(id: str, loop: Loop) -> Judgement:
    (rule,) = select(id, frozenset({"loop"}))
    target = of_callable(loop, array_namespace="numpy", kind="loop")
    subject = Subjects(target).one("loop", PLAIN)
    return judge(Task(rule=rule, subject=subject, budget=Budget(batched=4, single=8), seed=0))


def found(judgement: Judgement) -> Difference:
    assert judgement.violation is not None
    return judgement.violation.difference


def wrong_once(at: int) -> Loop:
    """A loop whose result is a list at one call."""
    calls = count()

    def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
        result = numpy_loop(lower, upper, body_fun, init_val)
        return [result, None] if next(calls) == at else result

    return fori_loop


def different_each_time() -> Loop:
    calls: Iterator[int] = count()
    return lambda lower, upper, body_fun, init_val: [next(calls)]


class TestNotTheSameTwice:
    @EVERY_DRAW
    @pytest.mark.parametrize("at", [0, 2])
    def test_a_call_that_is_wrong_once(self, id: str, at: int) -> None:
        difference = found(judged(id, wrong_once(at)))
        assert difference.why == NOT_TWICE

    def test_both_answers_are_shown(self) -> None:
        difference = found(judged(ENUMERATED, wrong_once(0)))
        assert difference.got.startswith("list(")
        assert difference.got.endswith("the same call again: the expected value")

    @EVERY_DRAW
    def test_wrong_answers_that_differ(self, id: str) -> None:
        assert judged(id, different_each_time()).violation is not None

    @EVERY_DRAW
    def test_a_wrong_answer_that_is_the_same_is_not_one(self, id: str) -> None:
        difference = found(judged(id, lambda lower, upper, body_fun, init_val: [1]))
        assert difference.why != NOT_TWICE


class Crowded(NumpyLoop):
    """Wrong for its first lane when there are two or more."""

    def run(self, cases: LoopBatch) -> Any:
        got = oracle.run(cases)
        got[: int(len(cases) > 1)] += 1
        return got


class TestOnlyInABatch:
    def test_the_failure_has_the_cases_that_it_takes(self) -> None:
        target = of_callable(numpy_loop, array_namespace="numpy")
        (rule,) = select(BULK, frozenset({"loop"}))
        task = Task(rule=rule, subject=Crowded(target, PLAIN), budget=Budget(batched=2), seed=0)
        violation = judge(task).violation
        assert violation is not None
        assert len(violation.case) == 2
        assert TOGETHER in violation.difference.why


class TestSameAnswer:
    def test_texts_of_errors_may_differ(self) -> None:
        one = Difference("", "a value", "ValueError: <object at 0x1>", "raised")
        other = Difference("", "a value", "ValueError: <object at 0x2>", "raised")
        assert same_answer(one, other)

    def test_values_may_not(self) -> None:
        one, other = (Difference("[0]", "1", got, "value") for got in "23")
        assert not same_answer(one, other)


class Strange(BaseException):
    pass


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, Strange])
class TestBaseExceptions:
    def test_they_fail_the_rule(self, error: type[BaseException]) -> None:
        def raises(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            raise error

        assert found(judged(BULK, raises)).why == "raised"
