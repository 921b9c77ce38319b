"""Lines for a shell: the messages that show a failure, sent to the harness by hand."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import numpy as np

from foricheck.cases import Array, Batch, Call, LoopBatch, PermutedBatch, RecurrenceBatch
from foricheck.exact import encode
from foricheck.oracle import permutations, programs
from foricheck.oracle import recurrence as recurrences
from foricheck.programs.program import recorder
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target
from foricheck.wire.cases import of_loops, of_permuted, of_recurrences
from foricheck.wire.messages import HELLO, run

__all__ = ["script"]

_FEW_TRIPS = 64
"""After more of them the state may be chaotic: no value is told."""

_SHOWN = 8
"""How many numbers are also told in decimals."""


def script(target: Target, rule: Rule, case: Batch) -> str:
    """The line that has the harness run the cases, and in comments what it has to answer."""
    cases = [lane for one in rule.shown(case) for lane in one.chunks(1)]
    message = run(1, (_compact(_written(lane, rule)) for lane in cases))
    command = shlex.join(shlex.split(target.imports[rule.kind]))
    lines = [f"printf '%s\\n' {shlex.quote(HELLO)} {shlex.quote(message)} | {command}"]
    for number, lane in enumerate(cases, 1):
        which = f" of case {number}" if len(cases) > 1 else ""
        lines += [f"# expected{which}{text}" for text in _expected(lane, rule)]
    return "\n".join(lines) + "\n"


def _written(case: Batch, rule: Rule) -> Any:
    match case:
        case LoopBatch():
            return of_loops(case, nested=rule.nested)[0]
        case PermutedBatch():
            return of_permuted(case)
        case RecurrenceBatch():
            return of_recurrences(case)[0]
        case Call():
            seed, x, hidden, T = case.values()
            return of_recurrences(
                RecurrenceBatch(hidden, np.array([seed]), x[None], np.array([T]))
            )[0]
        case _:
            raise TypeError(f"a {type(case).__name__} does not go over the wire")


def _expected(case: Batch, rule: Rule) -> Iterator[str]:
    match case:
        case LoopBatch():
            yield f": {_value(_registers(case, rule))}"
        case PermutedBatch():
            ends = permutations.after(case.lower, case.upper, case.permutation, case.leaves)
            yield f": {_value(*ends)}"
        case RecurrenceBatch() if int(case.T[0]) <= 0:
            yield f": {_value(case.x[0])}"
        case RecurrenceBatch() if int(case.T[0]) <= _FEW_TRIPS:
            state = _state(case)
            yield f", within the rule's error bound: {_value(state)}"
            if len(state) <= _SHOWN:
                yield f", in decimals: {', '.join(map(str, state))}"
        case _:
            yield f", of the answer as a whole: {rule.sentence}"


def _registers(case: LoopBatch, rule: Rule) -> Array:
    if rule.nested:
        return np.asarray(programs.run_nested(case)[0])
    records = (case.code[0] == recorder()).all() and not case.carry.any()
    return np.asarray((programs.recorded if records else programs.run)(case)[0])


def _state(case: RecurrenceBatch) -> Array:
    weights = recurrences.weights(int(case.seed[0]), case.hidden)
    state = recurrences.recurrence(weights, case.x[0].astype(np.float64), int(case.T[0]))
    return np.asarray(state.astype(case.x.dtype))


def _value(*leaves: Array) -> str:
    return _compact({"value": [encode(leaf) for leaf in leaves]})


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
