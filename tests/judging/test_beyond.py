"""Cases beyond the limits that a target declares are left out, and nothing else is."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import foricheck
from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, Snippet
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.errors import RequestError
from foricheck.judging.beyond import beyond
from foricheck.judging.events import RuleResult
from foricheck.programs.program import ROWS, WIDTH, recorder
from foricheck.targets.limits import UNLIMITED, Limits, declared


def loop(trips: int, dtype: str = "int32") -> LoopBatch:
    carry = np.zeros((1, ROWS, WIDTH), np.int32)
    return LoopBatch(dtype, np.array([0]), np.array([trips]), recorder()[None], carry)


def snippet(init: str, upper: str = "3") -> Snippet:
    return Snippet("0", upper, "def body(i, c):\n    return c\n", init)


FIVE = Expression(
    call="fori_loop(0, 5, lambda i, c: c, xp.ones(2))",
    expected="fori_loop(0, 5, lambda i, c: c, np.ones(2))",
)
RECURRENCE = RecurrenceBatch(2, np.array([0]), np.zeros((1, 2), np.float32), np.array([9]))


@pytest.mark.parametrize(
    ("limits", "case"),
    [
        (Limits(trips=8), loop(9)),
        (Limits(trips=8), snippet("xp.ones(2)", "9")),
        (Limits(trips=8), RECURRENCE),
        (Limits(trips=4), FIVE),
        (Limits(bound_dtypes=("int32",)), loop(1, "uint8")),
        (Limits(bound_dtypes=("int32",)), snippet("xp.ones(2)", "np.int8(3)")),
        (Limits(leaf_dtypes=("float32",)), snippet("(xp.ones(2, xp.float16),)")),
        (Limits(empty_leaves=False), snippet("{'a': xp.ones((0, 2))}")),
        (Limits(none_leaves=False), snippet("(xp.ones(2), [None])")),
    ],
)
class TestBeyond:
    def test_the_reason_is_given(self, limits: Limits, case: Batch) -> None:
        assert beyond(limits, case)

    def test_without_limits_nothing_is(self, limits: Limits, case: Batch) -> None:
        assert beyond(UNLIMITED, case) == ""


class TestDeclared:
    def test_a_key_that_is_no_limit_is_refused(self) -> None:
        with pytest.raises(RequestError, match="none_leaves"):
            declared({"length": 3})


def up_to_three(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Right up to three trips."""
    carry = init_val
    for i in range(int(lower), min(int(upper), int(lower) + 3)):
        carry = body_fun(np.int32(i), carry)
    return carry


class TestJudging:
    def test_a_loop_is_right_within_its_limits(self) -> None:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return up_to_three(lower, upper, body_fun, init_val)

        fori_loop.__dict__["foricheck"] = {"limits": {"trips": 3}}
        report = foricheck.check(fori_loop, rules="ITER-01", array_namespace="numpy")
        (result,) = report.results
        assert (result.status, "3 at most" in result.reason) == ("passed", True)

    def test_without_them_it_is_wrong(self) -> None:
        report = foricheck.check(up_to_three, rules="ITER-01", array_namespace="numpy")
        assert report.verdict == "nonconformant"

    def test_a_fault_within_them_is_found(self) -> None:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return up_to_three(lower, upper, body_fun, init_val)

        fori_loop.__dict__["foricheck"] = {"limits": {"trips": 4}}
        report = foricheck.check(fori_loop, rules="ITER-01", array_namespace="numpy")
        assert report.verdict == "nonconformant"


def without_complex_numbers(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Right for leaves that are not complex."""
    if any(jnp.iscomplexobj(leaf) for leaf in jax.tree.leaves(init_val)):
        raise RuntimeError("no kernel for this dtype")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val)


class TestDerivatives:
    """What a derivative is given is known before the target is called."""

    def judged(self, rule: str = "GRAD-04", **limits: Any) -> RuleResult:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return without_complex_numbers(lower, upper, body_fun, init_val)

        fori_loop.__dict__["foricheck"] = {"limits": limits} if limits else {}
        return foricheck.check(fori_loop, rules=rule, profile="quick").results[0]

    def test_a_dtype_beyond_the_limits_is_left_out(self) -> None:
        result = self.judged(leaf_dtypes=("float32",))
        assert (result.status, "the target declares float32" in result.reason) == ("passed", True)

    def test_without_limits_it_is_not(self) -> None:
        assert self.judged().status == "failed"

    def test_a_longer_loop_is_left_out(self) -> None:
        assert "4 at most" in self.judged("GRAD-02", trips=4).reason
