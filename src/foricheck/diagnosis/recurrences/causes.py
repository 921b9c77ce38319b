"""The cause of a failure of a recurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import STATIC
from foricheck.comparison.violations import Undecided, Violation
from foricheck.diagnosis.choosing import the_only_one
from foricheck.diagnosis.recurrences.forms import form
from foricheck.diagnosis.recurrences.hypotheses import HYPOTHESES, Mistake
from foricheck.diagnosis.recurrences.models import Call, Model, predicted
from foricheck.diagnosis.recurrences.seen import of_case, of_probes
from foricheck.oracle.rounding import Arithmetic
from foricheck.rules.rule import Rule
from foricheck.targets.recurrence import RecurrenceSubject

__all__ = ["cause"]

_RIGHT = Mistake("", (Model(),))
_FEWEST = 5
"""So many probes must give a state."""

_FEW = 3
"""So many calls are made once more in another variant."""


def cause(rule: Rule, rec: RecurrenceSubject, case: Batch, why: str) -> str:
    """What is wrong with a recurrence that breaks a rule on a case, as a sentence, or ``""``.

    Args:
        rule: the rule.
        rec: the recurrence.
        case: the case.
        why: the kind of difference that was found.

    Raises:
        Undecided: the target can no longer be given the case.
    """
    if isinstance(case, RecurrenceBatch) and why == "program size":
        return _unrolled(rec, case)
    variants = (rec.in_variant(each) for each in rule.compared(rec.variant))
    return next(filter(None, (_in_variant(rule, each, case) for each in variants)), "")


def _in_variant(rule: Rule, rec: RecurrenceSubject, case: Batch) -> str:
    """What is wrong in one variant."""
    calls, probes = of_case(rule, rec, case), of_probes(rec)
    if not calls:
        return form(rec, case)
    if len(probes) < _FEWEST:
        return ""
    tried = _Tried(rec.arithmetic)
    wrong = [call for call in (*calls, *probes) if not tried.explains(_RIGHT, call)]
    if not wrong:
        return _beyond_values(rule, case)
    found = the_only_one(HYPOTHESES, (*calls, *probes), tried.explains)
    only_traced = _only_traced(rec, wrong, tried)
    if found is None:
        return only_traced.strip()
    return found.sentence(wrong[0]) + only_traced


def _unrolled(rec: RecurrenceSubject, case: RecurrenceBatch) -> str:
    """That the program has every step in it, where it is so."""
    small, large = (rec.program_size(replace(case, T=np.array([T]))) for T in (10, 110))
    if large - small < 100:
        return ""
    return (
        "The steps are unrolled, as by a loop of Python, and are not a fori_loop: the program has "
        f"{small:,} operations for T = 10 and {large:,} for T = 110."
    )


class _Tried:
    """Which mistakes explain which calls."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic

    def explains(self, mistake: Mistake, call: Call) -> bool:
        """Whether the mistake predicts what the call gave."""
        return any(self._gives(model, call) for model in mistake.models)

    def _gives(self, model: Model, call: Call) -> bool:
        bound = predicted(model, call, self._arithmetic)
        with np.errstate(all="ignore"):  # a wrong model may overflow
            return bound is not None and bool(np.all(bound.ratio(call.got) <= 1))


def _beyond_values(rule: Rule, case: Batch) -> str:
    """What is wrong where each call by itself gives the right state, as a sentence, or ``""``."""
    differentiated = isinstance(case, RecurrenceCase) and case.derivative != "none"
    if "grad" in rule.needs or differentiated:
        return "The result is right; its derivative is wrong."
    if "vmap" in rule.needs:
        return "Each call by itself gives the right result; under vmap it is wrong."
    return ""


def _only_traced(rec: RecurrenceSubject, wrong: Sequence[Call], tried: _Tried) -> str:
    """That the same calls are right with a static T, where it is so."""
    if rec.variant.bounds != "traced":
        return ""
    static = rec.in_variant(STATIC)
    again = (_again(static, call) for call in wrong[:_FEW])
    right = all(call is not None and tried.explains(_RIGHT, call) for call in again)
    return " Only with a traced T: with a static one, the same call is right." if right else ""


def _again(rec: RecurrenceSubject, call: Call) -> Call | None:
    """The same call in another variant; None where it gives no state."""
    seed, x, T = np.array([call.seed]), call.x[None].copy(), np.array([call.T])
    try:
        got = rec.run(RecurrenceBatch(call.hidden, seed, x, T))
    except (Violation, Undecided):
        return None
    return replace(call, got=got[0])
