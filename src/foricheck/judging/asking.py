"""One rule asked of one case of a callable, as the pasted script of a failure does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.cases.batch import Batch
from foricheck.judging.subjects import Subjects
from foricheck.rules.selection import select
from foricheck.targets.loading import of_callable

__all__ = ["must_hold"]


def must_hold(id: str, case: Batch, call: Callable[..., Any]) -> None:
    """The rule holds for the case.

    Raises:
        Violation: it does not.
    """
    target = of_callable(call)
    (rule,) = select(id, target.kinds)
    rule.prop(Subjects(target).of(rule)[0], case)
