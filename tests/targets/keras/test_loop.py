"""A loop over Keras's tensors is judged by what a right loop over the same tensors can do.

Keras is no dependency: a small one over NumPy takes its place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from foricheck.cases.variants import PLAIN
from foricheck.comparison.violations import Undecided
from foricheck.evidence.script import script
from foricheck.judging.checker import Judgement
from foricheck.judging.judge import judge
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import Task
from foricheck.rules.budget import Budget
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.targets.loading import of_callable
from foricheck.targets.loop import LoopSubject
from foricheck.targets.target import Target

from .fake_keras import MODULES, ops

Loop = Callable[[Any, Any, Any, Any], Any]


@pytest.fixture(autouse=True)
def _keras(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The small Keras, for as long as a test runs."""
    ours = ("foricheck.targets.keras.loop", "foricheck.targets.keras.control")
    for name in ours:
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name, module in MODULES.items():
        monkeypatch.setitem(sys.modules, name, module)
    yield
    for name in ours:
        sys.modules.pop(name, None)


def right(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val


def at_least_once(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    return right(lower, max(upper, lower + 1), body_fun, init_val)


def refusing_tuples(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    if isinstance(init_val, tuple):
        raise TypeError("no tuples")
    return right(lower, upper, body_fun, init_val)


def target(loop: Loop) -> Target:
    return of_callable(loop, array_namespace="keras", without=("refuse",))


def subject(loop: Loop) -> LoopSubject:
    made = Subjects(target(loop)).one("loop", PLAIN)
    assert isinstance(made, LoopSubject)
    return made


def rule(id: str) -> Rule:
    (found,) = select(id, frozenset({"loop"}))
    return found


def judged(id: str, loop: Loop) -> Judgement:
    budget = Budget(single=8)
    return judge(Task(rule=rule(id), subject=subject(loop), budget=budget, seed=0))


@pytest.mark.parametrize("id", ["ITER-01", "ITER-04", "ITER-09", "BOUND-13", "CARRY-02"])
def test_a_right_loop_passes(id: str) -> None:
    judgement = judged(id, right)
    assert judgement.violation is None
    assert judgement.cases > 0


def test_a_loop_that_always_runs_once_is_found() -> None:
    violation = judged("ITER-02", at_least_once).violation
    assert violation is not None
    assert violation.difference.expected != violation.difference.got


def test_what_it_cannot_express_is_not_held_against_a_loop(monkeypatch: Any) -> None:
    monkeypatch.delattr(ops, "flip")
    judgement = judged("CARRY-01", right)
    assert judgement.violation is None
    assert judgement.left_out.startswith("3 of 4 cases are left out: a right loop over its arrays")
    assert judgement.left_out.endswith("has no attribute 'flip', not a value")


def test_a_case_that_cannot_even_be_written_is_left_out(monkeypatch: Any) -> None:
    monkeypatch.delattr(ops, "array")
    with pytest.raises(Undecided, match="has no attribute 'array'"):
        judged("CARRY-01", right)


def test_a_dataclass_that_keras_does_not_know_is_no_carry() -> None:
    """The other containers are, and the rule is judged on them."""
    judgement = judged("CARRY-03", refusing_tuples)
    assert judgement.violation is not None
    assert "Point" not in judgement.violation.case.to_json()["init"]


def test_dtypes_that_the_backend_lacks_are_left_out() -> None:
    able = subject(right).leaf_dtypes
    assert "float16" in able
    assert "complex64" not in able


def test_structured_bodies_are_not_written_for_keras() -> None:
    with pytest.raises(Undecided, match="written for JAX and NumPy"):
        judged("ITER-15", right)


def test_the_script_is_keras_alone() -> None:
    violation = judged("ITER-02", at_least_once).violation
    assert violation is not None
    lines = script(target(at_least_once), rule("ITER-02"), PLAIN, violation.case)
    assert "from keras import ops as xp, tree" in lines
    assert "xp.int32" not in lines
    shown: list[Any] = []
    exec(lines, {"fori_loop": at_least_once, "print": shown.append})
    assert (shown[0] != 0).any()


class TestTheControl:
    """It is right where NumPy's is, and refuses what JAX refuses."""

    @pytest.fixture
    def loop(self) -> Loop:
        from foricheck.targets.keras.control import fori_loop

        return fori_loop

    def test_each_index_has_the_dtype_of_the_bounds(self, loop: Loop) -> None:
        seen: list[Any] = []
        loop(np.int8(1), 3, lambda i, c: seen.append(i) or c, np.zeros(1))
        assert [(i.dtype, int(i)) for i in seen] == [(np.int8, 1), (np.int8, 2)]

    def test_without_trips_the_carry_comes_back(self, loop: Loop) -> None:
        assert loop(0, 0, lambda i, c: c + 1, np.zeros(1)) == 0

    @pytest.mark.parametrize(
        ("bounds", "body", "words"),
        [
            ((0, 3), None, "callable"),
            ((np.int8(0), np.int32(3)), lambda i, c: c, "int8 and int32"),
            ((0, 2.5), lambda i, c: c, "must be an integer"),
            ((0, np.array([3])), lambda i, c: c, "must be an integer"),
            ((2, 2), lambda i, c: (c,), "structure"),
            ((0, 1), lambda i, c: None, "but gave None"),
            ((0, 1), lambda i, c: c.astype("float16"), "float16"),
            ((0, 1), lambda i, c: c[:1], r"stay float64\[2\], but became float64\[1\]"),
        ],
    )
    def test_it_refuses(self, loop: Loop, bounds: Any, body: Any, words: str) -> None:
        with pytest.raises(TypeError, match=words):
            loop(*bounds, body, np.zeros(2))
