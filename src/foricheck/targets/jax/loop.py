"""A ``fori_loop`` over JAX arrays, called in one variant.

With traced bounds, many cases go through one compiled call: bounds, carries and body programs
are its arguments, and ``lax.map`` runs one case after the other (``vmap`` would change the
program of the loop, and has its own rules). With static bounds each range is another program, so
cases run one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import answered
from foricheck.programs import expressions, interpreter, lowering, structured_text
from foricheck.programs.program import ROWS, WIDTH, climber, recorder
from foricheck.targets.jax import config
from foricheck.targets.jax.calls import answer
from foricheck.targets.jax.case import outcomes
from foricheck.targets.jax.programs import programs_of
from foricheck.targets.jax.variants import decorator
from foricheck.targets.loop import Body, LoopSubject, permuting
from foricheck.targets.target import Target

__all__ = ["JaxLoop"]

_LANES = {"with_jit": 512, "with_pmap": 64}
_NARROW = ("int32", "int8", "int16", "uint8", "uint16", "uint32")
_WIDE = ("int64", "uint64")

# Compiling these two alone is five times faster than compiling the interpreter of them all.
_WRITTEN_OUT = {"recorder": recorder(), "climber": climber()}


class JaxLoop(LoopSubject):
    """A ``fori_loop`` over JAX arrays."""

    def __init__(self, target: Target, variant: Variant) -> None:
        lanes = _LANES[variant.transform] if variant.bounds == "traced" else 1
        super().__init__(target, variant, lanes=lanes)
        self._transform = decorator(variant.transform)
        self._compiled: dict[str, Callable[..., Any]] = {}

    @property
    def xp(self) -> ModuleType:
        """``jax.numpy``."""
        return jnp

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Also those of 64 bits, when JAX has them."""
        return _NARROW + (_WIDE if config.has_x64() else ())

    def run(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run`."""
        if self.variant.bounds == "static" or self.written_out:
            return self.run_singly(cases)
        for name, code in _WRITTEN_OUT.items():
            if (cases.code == code).all():
                return self._run_batched(cases, name, self._written_out(code))
        return self._run_batched(cases, "programs", self._interpreted)

    def run_nested(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_nested`."""
        if self.variant.bounds == "static" or self.written_out:
            return self.run_singly(cases, self.nested)
        return self._run_batched(cases, "nested", self._interpreted_nested)

    def run_half_static(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_half_static`."""
        side = "lower" if (cases.lower == cases.lower[0]).all() else "upper"
        static = int(getattr(cases, side)[0])

        def one_lane(lower: Any, upper: Any, _: Any, carry: Any) -> Any:
            bounds = (static, upper) if side == "lower" else (lower, static)
            return self.function(*bounds, body, carry)

        body = lowering.body_of(cases.code[0], jnp)
        return self._run_batched(cases, f"{side}={static}", one_lane)

    def call_case(self, case: Any) -> Any:
        """See `Subject.call_case`."""
        if isinstance(case, LoopCase):
            return answered(lambda: outcomes(case, self.function))
        return super().call_case(case)

    def programs(self, case: LoopCase) -> list[Any]:
        """See `LoopSubject.programs`."""
        made: list[Any] = self.guarded(
            case, lambda: answered(lambda: programs_of(case, self.function))
        )
        return made

    def call(self, lower: Any, upper: Any, body: Body, init: Any) -> Any:
        """See `LoopSubject.call`."""
        if self.variant.bounds == "static":
            static = self._transform(lambda init: self.function(lower, upper, body, init))
            return answer(lambda: static(init))
        traced = self._transform(lambda low, high, init: self.function(low, high, body, init))
        return answer(lambda: traced(lower, upper, init))

    def call_permuted(self, case: PermutedBatch) -> Any:
        """See `LoopSubject.call_permuted`; traced ranges of one dtype share a program."""
        if self.variant.bounds == "static":
            return super().call_permuted(case)
        name, body = f"permute {case.permutation}", permuting(case.permutation)
        if name not in self._compiled:
            run = lambda lower, upper, leaves: self.function(lower, upper, body, leaves)  # noqa: E731
            self._compiled[name] = self._transform(run)
        bounds = map(np.dtype(case.dtype).type, (case.lower, case.upper))
        return answer(lambda: self._compiled[name](*bounds, case.leaves))

    def call_expression(self, case: Expression) -> Any:
        """See `LoopSubject.call_expression`."""
        function, arguments = self.program(case)
        return answer(lambda: self._transform(function)(*arguments))

    def program(self, case: Expression) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """An expression as a function of its traced values, and the arguments for it.

        The arguments are the bounds, where those are traced, and then the values by name.
        """
        names = expressions.scope(jnp) | {"jax": jax, "jnp": jnp, "fori_loop": self.function}
        bounds, values = (expressions.assigned(text, jnp) for text in (case.bounds, case.values))
        if self.variant.bounds == "static":
            return (lambda values: expressions.value(case, names | bounds | values)), (values,)

        def traced(bounds: dict[str, Any], values: dict[str, Any]) -> Any:
            return expressions.value(case, names | bounds | values)

        return traced, (bounds, values)

    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """See `LoopSubject.call_structured`."""
        lanes, static = cases.chunks(1), self.variant.bounds == "static"
        loops = [self._compiled_loop(case) for case in lanes]
        carries = [structured_text.carry_of(case) for case in lanes]
        bound = int if static and cases.dtype == "int32" else np.dtype(cases.dtype).type
        bounds = [(bound(case.lower[0]), bound(case.upper[0])) for case in lanes]

        def together(bounds: Any, carries: Any) -> Any:
            return [loop(*pair, c) for loop, pair, c in zip(loops, bounds, carries, strict=True)]

        made: list[Any]
        if static:
            given = self._transform(lambda carries: together(bounds, carries))
            made = answer(lambda: given(carries))
        else:
            made = answer(lambda: self._transform(together)(bounds, carries))
        return made

    def _compiled_loop(self, case: StructuredBatch) -> Callable[..., Any]:
        """A program as a function of bounds and carry."""
        names = {"jax": jax, "fori_loop": self.function}
        body = structured_text.body_of(case, jnp, names)
        keywords = {} if case.unroll is None else {"unroll": case.unroll}
        return lambda lower, upper, carry: self.function(lower, upper, body, carry, **keywords)

    def _written_out(self, code: Array) -> Callable[..., Any]:
        """One lane, whose body is the same in every lane."""
        body = lowering.body_of(code, jnp)
        return lambda lower, upper, _, carry: self.function(lower, upper, body, carry)

    def _interpreted(self, lower: Any, upper: Any, code: Any, carry: Any) -> Any:
        """One lane, whose body program is part of its data."""
        return self.function(lower, upper, self._interpreter(code), carry)

    def _interpreted_nested(self, lower: Any, upper: Any, code: Any, carry: Any) -> Any:
        return self.function(lower, upper, self.nested(self._interpreter(code)), carry)

    def _interpreter(self, code: Any) -> Body:
        """The body that a program describes, where the program is data."""
        return interpreter.body_of(code)

    def _run_batched(self, cases: LoopBatch, name: str, lane: Callable[..., Any]) -> Array:
        """One compiled call for the whole batch; ``name`` identifies the compiled function."""
        if name not in self._compiled:
            over_lanes = lambda lanes: jax.lax.map(lambda one: lane(*one), lanes)  # noqa: E731
            self._compiled[name] = self._transform(over_lanes)
        batched = self._compiled[name]
        return self._in_parts(cases.chunks(self.lanes), lambda part: self._run_chunk(part, batched))

    def _run_chunk(self, cases: LoopBatch, batched: Callable[..., Any]) -> Array:
        padded = _padded(cases, self.lanes)
        bounds = [bound.astype(cases.dtype) for bound in (padded.lower, padded.upper)]
        lanes = (*bounds, padded.code, padded.carry)
        got = self.guarded(cases, lambda: answer(lambda: batched(lanes)))
        return self.registers(cases, got, (len(padded), ROWS, WIDTH))[: len(cases)]


def _padded(cases: LoopBatch, lanes: int) -> LoopBatch:
    """The batch padded to ``lanes`` with loops of no trips: one shape, one program."""
    filled = cases.lanes(np.arange(lanes) % len(cases))
    filled.upper[len(cases) :] = filled.lower[len(cases) :]
    return filled
