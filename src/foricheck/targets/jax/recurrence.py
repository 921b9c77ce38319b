"""A ``fori_loop_recurrence`` over JAX arrays, called in one variant.

Where seed, x and T may be traced, many cases of one hidden size go through one compiled call.
Otherwise each case is a separate call, with Python numbers, as the documented solution takes
them.

With x64 on, JAX draws float64 weights, and seeds and trip counts have 64 bits. A float32 x would
not do there: the documented solution's carry begins as float32 and becomes float64, a TypeError.
So x is float64, and the result must be.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.outcome import Outcome
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import answered
from foricheck.oracle.rounding import BFLOAT16_INPUTS, FLOAT32, FLOAT64, TENSOR_FLOAT_32, Arithmetic
from foricheck.targets.jax import config, recurrence_cases
from foricheck.targets.jax.calls import answer
from foricheck.targets.jax.variants import decorator
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.target import Target

__all__ = ["JaxRecurrence"]

_LANES = {"with_jit": 256, "with_pmap": 16}
_WEIGHTS = 2**18
"""The approximate number of weights in a batch: each case draws new ones."""


class JaxRecurrence(RecurrenceSubject):
    """A ``fori_loop_recurrence`` over JAX arrays."""

    def __init__(self, target: Target, variant: Variant) -> None:
        lanes = _LANES[variant.transform] if variant.bounds == "traced" else 1
        super().__init__(target, variant, lanes=lanes)
        self._transform = decorator(variant.transform)
        self._batched = functools.lru_cache(maxsize=None)(self._over_lanes)
        self._paired = functools.lru_cache(maxsize=None)(self._over_pairs)

    def lanes_for(self, setting: Any) -> int:
        """Fewer lanes for larger hidden sizes."""
        return self._together(setting.hidden)

    def run(self, cases: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run`."""
        if self.variant.bounds == "static":
            return self._in_parts(cases.chunks(1), self._run_one)
        if self.written_out:
            return self._in_parts(cases.chunks(1), self._run_traced)
        chunks = cases.chunks(self._together(cases.hidden))
        return self._in_parts(chunks, self._run_chunk)

    @property
    def arithmetic(self) -> Arithmetic:
        """With x64 on, float64.

        By default, accelerators round the factors of a float32 product first.
        """
        if config.has_x64():
            return FLOAT64
        highest = config.jax_option("jax_default_matmul_precision") in ("highest", "float32")
        inputs = {} if highest else {"gpu": TENSOR_FLOAT_32, "tpu": BFLOAT16_INPUTS}
        return FLOAT32.with_input_rounding(inputs.get(jax.default_backend(), 0.0))

    def run_beside(self, cases: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run_beside`; inputs are mapped over."""
        if not self.batches_x:
            return self.run(cases)
        seed, T = int(cases.seed[0]), int(cases.T[0])
        one: Callable[[Any], Any] = lambda x: self.function(seed, x, cases.hidden, T)  # noqa: E731
        mapped = jax.vmap(one)
        if "jit" in self.target.capabilities:  # one program, not one for each operation
            mapped = jax.jit(mapped)
        got = self.guarded(cases, lambda: answer(lambda: mapped(jnp.asarray(cases.x))))
        return self.states(cases, got, len(cases))

    def program_size(self, case: RecurrenceBatch) -> int:
        """See `RecurrenceSubject.program_size`."""
        seed, T = int(case.seed[0]), int(case.T[0])
        static = jax.jit(lambda x: self.function(seed, x, case.hidden, T))
        lowered = self.guarded(case, lambda: answered(lambda: static.lower(case.x[0]).as_text()))
        return sum(" = " in line for line in lowered.splitlines())

    def outcome(self, case: RecurrenceCase) -> Outcome:
        """See `RecurrenceSubject.outcome`."""
        checked = functools.partial(self.output, case)
        run = recurrence_cases.carried_out
        outcome: Outcome = self.guarded(case, lambda: run(self.function, case, checked))
        return outcome

    @property
    def max_hidden_read(self) -> int:
        """See `RecurrenceSubject.max_hidden_read`."""
        return 1025

    @property
    def batches_x(self) -> bool:
        """By vmap."""
        return "vmap" in self.target.capabilities

    @property
    def compiles_loops(self) -> bool:
        """Where a loop is a single While, and may be compiled."""
        return {"jit", "one_while"} <= self.capabilities

    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        """See `RecurrenceSubject.call`."""
        return answer(lambda: self.function(seed, x, hidden, T))

    def run_mapped(self, cases: RecurrenceBatch, others: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run_mapped`."""
        pairs = zip(_arguments(cases), _arguments(others), strict=True)
        parts = tuple(np.stack(pair, axis=1) for pair in pairs)
        paired = self._paired(cases.hidden)
        got = self.guarded(cases, lambda: answer(lambda: paired(parts)))
        return self.states(cases, got, 2 * len(cases)).reshape(len(cases), -1)

    def gradient(self, cases: RecurrenceBatch, cotangent: Array) -> Array:
        """See `RecurrenceSubject.gradient`."""
        rows = [self._pull_back(cases.lane(n), cotangent[n]) for n in range(len(cases))]
        return np.concatenate(rows)

    def _together(self, hidden: int) -> int:
        """How many cases of a hidden size go through one call."""
        return max(1, min(self.lanes, _WEIGHTS // hidden**2))

    def _run_chunk(self, cases: RecurrenceBatch) -> Array:
        padded = _padded(cases, self._together(cases.hidden))
        parts = _arguments(padded)
        batched = self._batched(cases.hidden)
        got = self.guarded(cases, lambda: answer(lambda: batched(parts)))
        return self.states(cases, got, len(padded))[: len(cases)]

    def _over_lanes(self, hidden: int) -> Callable[..., Any]:
        """One compiled call for a whole batch of this hidden size."""
        return self._transform(lambda lanes: jax.lax.map(self._one_lane(hidden), lanes))

    def _over_pairs(self, hidden: int) -> Callable[..., Any]:
        """One compiled call for a batch of pairs, each of which is mapped over."""
        pair = jax.vmap(self._one_lane(hidden))
        return self._transform(lambda pairs: jnp.concatenate(jax.lax.map(pair, pairs)))

    def _one_lane(self, hidden: int) -> Callable[[tuple[jax.Array, ...]], Any]:
        return lambda lane: self.function(lane[0], lane[1], hidden, lane[2])

    def _run_one(self, case: RecurrenceBatch) -> Array:
        seed, T = int(case.seed[0]), int(case.T[0])
        static = self._transform(lambda x: self.function(seed, x, case.hidden, T))
        x = jnp.asarray(case.x[0])
        got = self.guarded(case, lambda: answer(lambda: static(x)))
        return self.states(case, got[None] if isinstance(got, jax.Array | np.ndarray) else got, 1)

    def _run_traced(self, case: RecurrenceBatch) -> Array:
        """One case in a call of its own, with no map around it."""
        lane = self._one_lane(case.hidden)
        alone = self._transform(lambda seed, x, T: lane((seed, x, T)))
        arguments = [part[0] for part in _arguments(case)]
        got = self.guarded(case, lambda: answer(lambda: alone(*arguments)))
        return self.states(case, got[None] if isinstance(got, jax.Array | np.ndarray) else got, 1)

    def _pull_back(self, case: RecurrenceBatch, cotangent: Array) -> Array:
        seed, T = int(case.seed[0]), int(case.T[0])

        @jax.jit
        def pull_back(x: jax.Array) -> Any:
            _, vjp = jax.vjp(lambda x: self.function(seed, x, case.hidden, T), x)
            return vjp(jnp.asarray(cotangent))[0][None]

        got = self.guarded(case, lambda: answer(lambda: pull_back(jnp.asarray(case.x[0]))))
        return self.states(case, got, 1)


def _arguments(cases: RecurrenceBatch) -> tuple[Array, Array, Array]:
    """Seeds, inputs and trip counts; seeds and counts have 32 bits where JAX has no more."""
    if config.has_x64():
        return cases.seed, cases.x, cases.T
    return cases.seed.astype(np.uint32), cases.x, cases.T.astype(np.int32)


def _padded(cases: RecurrenceBatch, lanes: int) -> RecurrenceBatch:
    """The batch padded to ``lanes`` with cases of no trips: one shape, one program."""
    filled = cases.lanes(np.arange(lanes) % len(cases))
    filled.T[len(cases) :] = 0
    return filled
