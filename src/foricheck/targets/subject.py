"""A subject: a target of one kind, called in one variant. Properties are given a subject."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import Refused, hint, in_full
from foricheck.comparison.violations import Difference, Unsupported, Violation
from foricheck.targets.target import Target

__all__ = ["Subject"]


class Subject(ABC):
    """A target called in one variant. It keeps compiled programs, but no results.

    Attributes:
        target: the implementation under test.
        variant: how it is called.
        lanes: how many cases go through one call; 1 where each costs a compilation.
        written_out: whether each case is a call of its own whose body is written out, as in a
            script; otherwise a body program may be data that the body interprets.
    """

    kind: str

    def __init__(self, target: Target, variant: Variant, *, lanes: int) -> None:
        self.target = target
        self.variant = variant
        self.lanes = lanes
        self.written_out = False
        self._siblings: dict[Variant, Self] = {}

    @property
    def function(self) -> Callable[..., Any]:
        """The callable under test."""
        return self.target.callables[self.kind]

    @property
    def capabilities(self) -> frozenset[str]:
        """What the target says it can do."""
        return self.target.capabilities

    @property
    def control(self) -> Subject | None:
        """A correct implementation over the same arrays, or None where none is needed.

        It is needed where the arrays may not be able to express every case. A case that the
        control fails too is left out.
        """
        return None

    def lanes_for(self, setting: Any) -> int:
        """How many cases of a setting go through one call; fewer where each is large."""
        return self.lanes

    def accepts(self, cases: Batch) -> bool:
        """Whether the cases have the precision that the target is called with."""
        return True

    def in_variant(self, variant: Variant) -> Self:
        """The same target called in another variant; its compiled programs are kept."""
        if variant not in self._siblings:
            made = type(self)(self.target, variant)  # type: ignore[call-arg]  # lanes
            made.written_out = self.written_out
            self._siblings[variant] = made
        return self._siblings[variant]

    @abstractmethod
    def call_case(self, case: Any) -> Any:
        """The result of a case that is not a batch of numbers.

        Raises:
            Refused: the target raised.
            Undecided: the target cannot be given such a case.
        """

    def run_case(self, case: Any) -> Any:
        """As `call_case`, where the target must not raise.

        Raises:
            Violation: the target raised.
            Undecided: the target cannot be given such a case.
        """
        return self.guarded(case, lambda: self.call_case(case))

    def guarded(self, cases: Batch, call: Callable[[], Any]) -> Any:
        """The result of a call that must not raise.

        Raises:
            Violation: it raised.
        """
        try:
            return call()
        except Refused as refusal:
            found = Difference(
                "", "a value", in_full(refusal.__cause__), hint(refusal, self.variant)
            )
            raise Violation(cases.lane(0), found) from refusal.__cause__

    def _in_parts(self, parts: Sequence[Batch], run: Callable[[Any], Array]) -> Array:
        """The results of parts of a batch, concatenated.

        Raises:
            Violation: that of a part, with its lanes counted in the whole batch.
            Unsupported: likewise.
        """
        results, before = [], 0
        for part in parts:
            try:
                results.append(run(part))
            except Violation as violation:
                violation.lanes = [before + lane for lane in violation.lanes]
                raise
            except Unsupported as why:
                why.lanes = tuple(before + lane for lane in why.lanes)
                raise
            before += len(part)
        return np.concatenate(results)
