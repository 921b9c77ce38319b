"""A loop called directly, over any arrays: no transformation around it, one case a call."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from foricheck.cases.arrays import BOUNDS
from foricheck.cases.batch import Array
from foricheck.cases.loop import Expression, LoopBatch
from foricheck.programs import expressions
from foricheck.targets.loop import Body, LoopSubject

__all__ = ["PlainLoop"]


class PlainLoop(LoopSubject):
    """A ``fori_loop`` over the arrays of `xp`, called plainly."""

    @property
    def dtypes(self) -> tuple[str, ...]:
        """All of them."""
        return BOUNDS

    def run(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run`."""
        return self.run_singly(cases)

    def run_nested(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_nested`."""
        return self.run_singly(cases, self.nested)

    def run_half_static(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_half_static`; nothing is traced here."""
        return self.run_singly(cases)

    def call(self, lower: Any, upper: Any, body: Body, init: Any) -> Any:
        """See `LoopSubject.call`."""
        return self.answer(lambda: self.function(lower, upper, body, init))

    def call_expression(self, case: Expression) -> Any:
        """See `LoopSubject.call_expression`; nothing is traced here."""
        names = expressions.scope(self.xp) | {"fori_loop": self.function}
        names |= expressions.assigned(f"{case.bounds}\n{case.values}", self.xp)
        return self.answer(lambda: expressions.value(case, names))

    @abstractmethod
    def answer(self, call: Callable[[], Any]) -> Any:
        """What a call of the target returns.

        Raises:
            Refused: the target raised.
        """
