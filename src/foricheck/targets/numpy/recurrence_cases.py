"""Cases carried out by plain calls over NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.lanes import lanes_of
from foricheck.cases.rec.outcome import Outcome, Result, joined
from foricheck.comparison.refusals import Refused, answered
from foricheck.targets.arguments import given, laid_out
from foricheck.targets.passing import call, earlier, kept

__all__ = ["carried_out"]

Function = Callable[..., Any]
Checked = Callable[[Any, tuple[int, ...]], Array]


def carried_out(function: Function, case: RecurrenceCase, checked: Checked) -> Outcome:
    """What comes of a case around which there is nothing.

    Args:
        function: the target.
        case: the case.
        checked: makes an array of the output, or raises.

    Raises:
        Refused: the target raised.
    """

    def once(each: RecurrenceCase, x: Any) -> Outcome:
        return _once(function, each, checked, x)

    outcomes, x = earlier(case, lambda each: laid_out(each.x, each.x_as), once)
    if case.history == "after a call that raised":
        _raising(function, case)
    return joined([*outcomes, once(case, x)])


def _once(function: Function, case: RecurrenceCase, checked: Checked, x: Any) -> Outcome:
    x_before = np.array(x)
    one = call(function, case, given(case.hidden, case.hidden_as))
    numbers = given(case.seed, case.seed_as), given(case.T, case.T_as)
    state = checked(answered(lambda: one(numbers[0], x, numbers[1])), (case.width,)).copy()
    (lane,) = lanes_of(case)
    return Outcome((Result(case, lane, (state,)),), x_before, kept(x))


def _raising(function: Function, case: RecurrenceCase) -> None:
    x = np.ones(case.width + 1, case.dtype)
    try:
        answered(lambda: function(int(case.seed), x, case.width, int(case.T)))
    except Refused:
        return
