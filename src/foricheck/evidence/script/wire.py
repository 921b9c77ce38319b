"""Emit a shell command that sends the messages of a failed case to the harness."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.oracle import recurrence as recurrences
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target
from foricheck.targets.wire import expected
from foricheck.targets.wire.cases import of_case
from foricheck.targets.wire.messages import HELLO, compact, run

__all__ = ["script"]

_FEW_TRIPS = 64
"""With more trips the state may be chaotic, so the script has no expected value."""

_DECIMALS = 8
"""Up to this size, the expected state is also given in decimals."""


def script(target: Target, rule: Rule, case: Batch) -> str:
    """The command that makes the harness run the cases; comments give the expected answers."""
    cases = [lane for one in rule.reproduction(case) for lane in one.chunks(1)]
    message = run(1, (compact(of_case(lane, nested=rule.nested)) for lane in cases))
    command = shlex.join(shlex.split(target.imports[rule.kind]))
    lines = [f"printf '%s\\n' {shlex.quote(HELLO)} {shlex.quote(message)} | {command}"]
    for number, lane in enumerate(cases, 1):
        which = f" of case {number}" if len(cases) > 1 else ""
        lines += [f"# expected{which}{text}" for text in _expected(lane, rule)]
    return "\n".join(lines) + "\n"


def _expected(case: Batch, rule: Rule) -> Iterator[str]:
    """The expected answer, if it is unique or has an error bound."""
    match case:
        case LoopBatch():
            yield f": {compact(expected.of_loop(case, nested=rule.nested))}"
        case PermutedBatch():
            yield f": {compact(expected.of_permuted(case))}"
        case RecurrenceBatch() if int(case.T[0]) <= 0:
            yield f": {compact(expected.value(case.x))}"
        case RecurrenceBatch() if int(case.T[0]) <= _FEW_TRIPS:
            state = _state(case)
            yield f", within the rule's error bound: {compact(expected.value([state]))}"
            if len(state) <= _DECIMALS:
                yield f", in decimals: {', '.join(map(str, state))}"


def _state(case: RecurrenceBatch) -> Array:
    weights = recurrences.weights(int(case.seed[0]), case.hidden)
    state = recurrences.recurrence(weights, case.x[0].astype(np.float64), int(case.T[0]))
    return np.asarray(state.astype(case.x.dtype))
