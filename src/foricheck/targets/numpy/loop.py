"""A loop over NumPy arrays, or over anything else without JAX."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from foricheck.cases.loop import StructuredBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import answered
from foricheck.programs import structured_text
from foricheck.targets.numpy.plain_loop import PlainLoop
from foricheck.targets.target import Target

__all__ = ["NumpyLoop"]

_LANES = 16


class NumpyLoop(PlainLoop):
    """A ``fori_loop`` over NumPy arrays; nothing is traced."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant, lanes=_LANES)

    @property
    def xp(self) -> ModuleType:
        """``numpy``."""
        return np

    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """See `LoopSubject.call_structured`; one call after the other."""
        return [self._call_structured(case) for case in cases.chunks(1)]

    def answer(self, call: Callable[[], Any]) -> Any:
        """See `PlainLoop.answer`."""
        # Arithmetic modulo 2**32 is intended; a NumPy scalar would warn about it.
        with np.errstate(over="ignore", invalid="ignore"):
            return answered(call)

    def _call_structured(self, case: StructuredBatch) -> Any:
        body = structured_text.body_of(case, np, {"fori_loop": self.function})
        lower, upper = int(case.lower[0]), int(case.upper[0])
        return self.call(lower, upper, body, structured_text.carry_of(case))
