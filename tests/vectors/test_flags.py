"""Each flag is justified: a target with its bug fails a vector with that flag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foricheck.cases.variants import PLAIN
from foricheck.judging.subjects import Subjects
from foricheck.targets.loading import of_callable
from foricheck.vectors.judging import judge
from foricheck.vectors.suite import SUITES

from . import wrong_loops, wrong_recurrences

LOOPS, RECURRENCES = SUITES
OF_THE_INTERPRETER = {
    *("Instruction", "Operand", "Wraps", "Signed", "Modulo", "InPlace", "InSequence", "Identity")
}


def caught(function: Any, kind: str, flag: str) -> list[str]:
    """The vectors with a flag that the function answers wrongly."""
    (suite,) = (suite for suite in SUITES if suite.kind == kind)
    target = of_callable(function, kind=kind, array_namespace="numpy")
    subject = Subjects(target).one(kind, PLAIN)
    vectors = [vector for vector in suite.vectors if flag in vector.flags]
    with np.errstate(all="ignore"):
        return [vector.id for vector, _ in judge(subject, vectors).wrong]


@pytest.mark.parametrize("flag", wrong_loops.WRONG)
def test_a_loop_with_the_mistake_is_caught(flag: str) -> None:
    assert caught(wrong_loops.WRONG[flag], "loop", flag)


@pytest.mark.parametrize("flag", wrong_recurrences.WRONG)
def test_a_recurrence_with_the_mistake_is_caught(flag: str) -> None:
    assert caught(wrong_recurrences.WRONG[flag], "recurrence", flag)


@pytest.mark.parametrize("flag", RECURRENCES.flags)
def test_a_right_recurrence_is_not(flag: str) -> None:
    assert caught(wrong_recurrences.right, "recurrence", flag) == []


def test_every_flag_of_a_loop_has_its_mistake() -> None:
    assert set(wrong_loops.WRONG) | OF_THE_INTERPRETER == set(LOOPS.flags)


def test_every_flag_of_a_recurrence_has_its_mistake() -> None:
    assert set(wrong_recurrences.WRONG) == set(RECURRENCES.flags)
