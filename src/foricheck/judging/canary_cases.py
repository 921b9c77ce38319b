"""The canaries: wrong and right implementations, the cases they are judged on, and what is found.

The cases and what must be found in them are literal: neither the oracle nor NumPy says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, Snippet
from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Leaf, LoopCase, Step
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import PLAIN, STATIC, TRACED, Variant
from foricheck.programs.program import ROWS, WIDTH, recorder

__all__ = ["CANARIES", "Canary"]

When = Literal["always", "at the end"]


@dataclass(frozen=True, kw_only=True)
class Canary:
    """One implementation that is known, judged by one rule.

    Attributes:
        rule: the id of the rule.
        call: the implementation.
        case: the case that it is judged on; None is the cases that the rule draws.
        expected: the expected value in the failure, as text; empty where the rule draws cases.
        got: likewise, what the implementation gives.
        is_right: whether the implementation is right, so that the rule must hold.
        variant: how it is called.
        when: how often it is judged: after each rule, or at the end.
    """

    rule: str
    call: Callable[..., Any]
    case: Batch | None = None
    expected: str = ""
    got: str = ""
    is_right: bool = False
    variant: Variant = PLAIN
    when: When = "always"

    @property
    def kind(self) -> str:
        """``loop`` or ``recurrence``."""
        return "recurrence" if self.rule.startswith("REC-") else "loop"

    @property
    def is_confirmed(self) -> bool:
        """Whether its failure is confirmed in a process that confirms failures."""
        known = self.case is not None and not self.is_right
        return known and self.when == "always" and not self.needs_jax

    @property
    def needs_jax(self) -> bool:
        """Whether it is a loop over JAX arrays."""
        return self.variant != PLAIN


def one_short(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong: the last trip does not run."""
    return right(lower, upper - 1, body_fun, init_val)


def listed(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong: a tuple comes back as a list."""
    result = right(lower, upper, body_fun, init_val)
    return list(result) if isinstance(result, tuple) else result


def doubled(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong: leaves come back doubled."""
    result = right(lower, upper, body_fun, init_val)
    if isinstance(result, list | tuple):
        return type(result)(part * 2 for part in result)
    return result * 2


def right(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Right for the rules that judge it here."""
    carry = init_val
    for i in range(int(lower), int(upper)):
        carry = body_fun(np.int32(i), carry)
    return carry


def short_in_jax(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong: the last trip does not run; differentiable if the bounds are static."""
    import jax

    if isinstance(lower, int) and isinstance(upper, int):
        return right(lower, upper - 1, body_fun, init_val)
    step = lambda state: (state[0] + 1, body_fun(state[0], state[1]))  # noqa: E731
    return jax.lax.while_loop(lambda state: state[0] < upper - 1, step, (lower, init_val))[1]


def idle(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Wrong: x comes back after any number of trips."""
    return x


_RANGE = LoopBatch(
    dtype="int32",
    lower=np.array([2]),
    upper=np.array([5]),
    code=recorder()[None],
    carry=np.zeros((1, ROWS, WIDTH), np.int32),
)
_PAIR = Snippet("0", "3", "def body(i, c):\n    return c\n", "(xp.ones(2, xp.int32), xp.int32(7))")
_DTYPE = Snippet("0", "3", "def body(i, c):\n    return c * 1.5\n", "xp.ones(3, xp.int32)")
_FOUR = Expression(
    call="fori_loop(1, 5, lambda i, c: c + 1, xp.zeros(2, xp.int32))",
    expected="np.full(2, 4, np.int32)",
)
_STEP = RecurrenceBatch(2, np.array([7]), np.array([[0.5, -0.25]], np.float32), np.array([1]))
_GRADIENT = LoopCase(
    Bounds(trips=(2,)),
    Carry("leaf", (Leaf("float32", ()),)),
    Body(steps=(Step("scaled"),)),
    around=(Around("jit"), Around("vjp", ("carry",))),
)

CANARIES = (
    Canary(rule="ITER-01", call=one_short),
    Canary(rule="ITER-01", call=one_short, case=_RANGE, expected="4", got="0"),
    Canary(rule="CARRY-03", call=listed, when="at the end"),
    Canary(
        rule="CARRY-03",
        call=listed,
        case=_PAIR,
        expected="tuple([0]: int32[2] [1, 1], [1]: int32[] 7)",
        got="list([0]: int32[2] [1, 1], [1]: int32[] 7)",
    ),
    Canary(rule="CARRY-04", call=doubled, case=_PAIR, expected="1", got="2"),
    Canary(
        rule="CARRY-05",
        call=one_short,
        case=_DTYPE,
        expected="an error: the body changes a dtype",
        got="float64[3] [2.25, 2.25, 2.25]",
    ),
    Canary(rule="BOUND-13", call=one_short, case=_FOUR, expected="4", got="3"),
    Canary(rule="ITER-11", call=doubled, when="at the end"),
    Canary(rule="ITER-01", call=right, is_right=True, when="at the end"),
    Canary(rule="ITER-04", call=right, is_right=True, when="at the end"),
    Canary(rule="REC-01", call=idle, when="at the end"),
    Canary(rule="REC-01", call=idle, case=_STEP, expected="-0.228012797 ± 1.2e-07", got="-0.25"),
    Canary(rule="ITER-01", call=short_in_jax, case=_RANGE, expected="4", got="0", variant=TRACED),
    Canary(
        rule="GRAD-01",
        call=short_in_jax,
        case=_GRADIENT,
        expected="-2.0",
        got="-1.0",
        variant=STATIC,
        when="at the end",
    ),
)
"""Wrong implementations that must be found, and right ones that must not, the cheap ones first."""
