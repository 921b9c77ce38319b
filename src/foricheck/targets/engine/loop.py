"""A ``fori_loop`` whose programs are exported from JAX and run by another engine.

Functions are exported instead of jitted, so that traced bounds are inputs of the program. If the
engine accepts a compiled interpreter, many body programs are inputs of one; otherwise each body is
written out and exported by itself, as structured programs are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch, StructuredBatch
from foricheck.cases.variants import Variant
from foricheck.programs import interpreter, lowering, structured_text
from foricheck.programs.program import ROWS, WIDTH
from foricheck.targets.engine.engine import engine_of
from foricheck.targets.engine.exported import exported
from foricheck.targets.jax.calls import answer
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loop import Body
from foricheck.targets.target import Target

__all__ = ["EngineLoop"]

_KEPT = 64
"""The greatest number of single-case programs kept."""


class EngineLoop(JaxLoop):
    """A ``fori_loop`` over JAX arrays, exported and run by an engine."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant)
        self._engine = engine_of(self.function)
        self._transform = partial(exported, self._engine)
        self.lanes = self._engine.lanes if variant.bounds == "traced" else 1

    @property
    def max_trips(self) -> int:
        """That of the engine."""
        return self._engine.max_trips

    def run(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run`."""
        if self._engine.lanes > 1 or self.variant.bounds == "static":
            return super().run(cases)
        return self._in_parts(cases.chunks(1), self._run_alone)

    def run_nested(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_nested`."""
        if self._engine.lanes > 1 or self.variant.bounds == "static":
            return super().run_nested(cases)
        return self._in_parts(cases.chunks(1), partial(self._run_alone, around=self.nested))

    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """See `LoopSubject.call_structured`; each program is exported by itself."""
        return [self._call_structured(case) for case in cases.chunks(1)]

    def _call_structured(self, case: StructuredBatch) -> Any:
        name = case.digest().hex()
        carry, bound = structured_text.carry_of(case), np.dtype(case.dtype).type
        lower, upper = bound(case.lower[0]), bound(case.upper[0])
        loop = self._compiled_loop(case)
        if self.variant.bounds == "static":
            static = self._kept(name, lambda carry: loop(lower, upper, carry))
            return answer(lambda: static(carry))
        traced = self._kept(name, loop)
        return answer(lambda: traced(lower, upper, carry))

    def _interpreter(self, code: Any) -> Body:
        """See `JaxLoop._interpreter`."""
        made = interpreter.body_of if self._engine.branches else interpreter.selecting_body_of
        return made(code)

    def _run_alone(self, case: LoopBatch, around: Callable[[Body], Body] | None = None) -> Array:
        """One case, whose body is written out."""

        def lane(lower: Any, upper: Any, _: Any, carry: Any) -> Any:
            body = lowering.body_of(case.code[0], self.xp)
            return self.function(lower, upper, around(body) if around else body, carry)

        return self._run_batched(case, f"{bool(around)} {case.code.tobytes().hex()}", lane)

    def _run_batched(self, cases: LoopBatch, name: str, lane: Callable[..., Any]) -> Array:
        """See `JaxLoop._run_batched`; without a map where each case is a separate call."""
        if self._engine.lanes > 1:
            return super()._run_batched(cases, name, lane)
        program = self._kept(name, lane)

        def run(case: LoopBatch) -> Array:
            lower, upper = (side[0].astype(case.dtype) for side in (case.lower, case.upper))
            parts = (lower, upper, case.code[0], case.carry[0])
            got = self.guarded(case, lambda: answer(lambda: program(*parts)))
            return self.registers(case, got, (ROWS, WIDTH))[None]

        return self._in_parts(cases.chunks(1), run)

    def _kept(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The compiled function of a name; the oldest ones are dropped."""
        if name not in self._compiled:
            if len(self._compiled) >= _KEPT:
                del self._compiled[next(iter(self._compiled))]
            self._compiled[name] = self._transform(function)
        return self._compiled[name]
