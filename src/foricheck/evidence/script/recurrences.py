"""Emit calls of recurrences."""

from __future__ import annotations

import numpy as np

from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.evidence.script.calls import printed
from foricheck.evidence.script.values import vector
from foricheck.rules.rule import Rule

__all__ = ["batch", "call"]


def call(case: Call) -> list[str]:
    """The script of one call; it also prints x afterwards."""
    printed_call = f"print(fori_loop_recurrence({case.seed}, x, {case.hidden}, {case.T}))"
    return [f"x = {case.x}\n{printed_call}\nprint(x)"]


def batch(variant: Variant, rule: Rule, case: RecurrenceBatch) -> list[str]:
    """The calls, or the derivative, that reproduce the failure."""
    if "grad" in rule.needs:
        return [_gradient(case)]
    if "vmap" in rule.needs:
        return [_mapped(*rule.reproduction(case))]
    lanes = [one.lane(n) for one in rule.reproduction(case) for n in range(len(one))]
    return [_recurrence_call(each, lane) for each in rule.compared(variant) for lane in lanes]


def _gradient(case: RecurrenceBatch) -> str:
    call = f"fori_loop_recurrence({int(case.seed[0])}, x, {case.hidden}, {int(case.T[0])})"
    x = f"x = {vector(case.x[0])}"
    return f"{x}\nprint(jax.grad(lambda x: {call}.sum())(x))"


def _mapped(case: RecurrenceBatch, other: RecurrenceBatch) -> str:
    rows = ", ".join(vector(pair.x[0]) for pair in (case, other))
    call = f"jax.vmap(lambda seed, x, T: fori_loop_recurrence(seed, x, {case.hidden}, T))"
    seeds, counts = (f"np.array({_pair(case, other, name)})" for name in ("seed", "T"))
    lines = [
        f"seed, T = {seeds}.astype(np.uint32), {counts}.astype(np.int32)",
        f"x = np.stack([{rows}])",
        f"print(jax.jit({call})(seed, x, T))",
    ]
    if case.x.dtype == np.float64:  # with x64 on, numbers have 64 bits
        lines[0] = f"seed, T = {seeds}, {counts}"
    return "\n".join(lines)


def _pair(case: RecurrenceBatch, other: RecurrenceBatch, name: str) -> list[int]:
    return [int(getattr(each, name)[0]) for each in (case, other)]


def _recurrence_call(variant: Variant, case: RecurrenceBatch) -> str:
    x = f"x = {vector(case.x[0])}"
    seed, hidden, T = int(case.seed[0]), case.hidden, int(case.T[0])
    if variant.bounds == "traced":
        call = f"fori_loop_recurrence(seed, x, {hidden}, T)"
        values = f"np.uint32({seed % 2**32}), np.int32({T})"
        if case.x.dtype == np.float64:  # with x64 on, numbers have 64 bits
            values = f"np.int64({seed}), np.int64({T})"
        return f"{x}\nseed, T = {values}\n{printed(variant, call, 'seed, x, T')}"
    call = f"fori_loop_recurrence({seed}, x, {hidden}, {T})"
    return f"{x}\n{printed(variant, call, 'x')}"
