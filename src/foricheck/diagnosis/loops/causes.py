"""The cause of a failure of a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.containers import build
from foricheck.cases.loop import LoopBatch, PermutedBatch, Snippet
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC, TRACED
from foricheck.comparison.violations import Undecided, Violation
from foricheck.diagnosis.choosing import the_only_one
from foricheck.diagnosis.loops.cases import as_another, needed
from foricheck.diagnosis.loops.leaves import of_leaves
from foricheck.diagnosis.loops.moved import explains_case
from foricheck.diagnosis.loops.ranges import RANGES, RIGHT, WrongRange, explains, listed
from foricheck.diagnosis.loops.runs import Run, of_batch, of_probes, ran, recorded_on
from foricheck.diagnosis.loops.turns import assigned_in_turn
from foricheck.oracle.cases.inputs import leaf_array
from foricheck.programs import snippets
from foricheck.rules.rule import Rule
from foricheck.targets.loop import LoopSubject

__all__ = ["cause"]

_IN_TURN = (
    "The leaves are assigned one after the other, so that a later one is made from new values of "
    "the others."
)
_RESULTS = ("value", "effects")
"""What the result of another case may explain."""

_FEWEST = 12
"""So many probes must give registers."""


def cause(rule: Rule, loop: LoopSubject, violation: Violation) -> str:
    """What is wrong with a loop that breaks a rule, as a sentence, or ``""``.

    Raises:
        Violation: the target raises where it gave a value.
        Undecided: the target can no longer be given the case.
    """
    case = violation.case
    probes = of_probes(loop)
    if len(probes) < _FEWEST:
        return _of_values(violation)
    if isinstance(case, LoopBatch):
        return _of_registers(rule, loop, violation, case, probes)
    wrong = [run for run in probes if not explains(RIGHT, run)]
    if wrong:
        found = the_only_one(RANGES, probes, explains)
        fits = found is not None and explains_case(found, rule, loop, case)
        return _range(loop, found, wrong, wrong) if fits else ""
    if isinstance(case, LoopCase):
        return _of_case(rule, loop, violation, case)
    return _of_values(violation)


def _of_registers(
    rule: Rule, loop: LoopSubject, violation: Violation, case: LoopBatch, probes: Sequence[Run]
) -> str:
    """What is wrong with a loop over registers: which iterations run, or what becomes of them."""
    runs = of_batch(loop, case)
    seen = (*probes, *runs)
    wrong = [run for run in seen if not explains(RIGHT, run)]
    if not wrong:
        return _only_inside(rule)
    found = the_only_one(RANGES, seen, explains)
    recorded = [run for run in (*wrong[::-1], *_recorder(loop, runs)) if _shows(run)]
    if found is None and not recorded:
        return _of_values(violation) if all(explains(RIGHT, run) for run in probes) else ""
    return _range(loop, found, recorded, wrong)


def _range(
    loop: LoopSubject, found: WrongRange | None, recorded: Sequence[Run], wrong: Sequence[Run]
) -> str:
    """The wrong range in words, and runs of the recorder that show it."""
    parts = [found.words] if found else []
    parts += [_shown(recorded)] if any(map(_shows, recorded)) else []
    sentence = ": ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}.{_only_so(loop, wrong)}"


def _recorder(loop: LoopSubject, runs: Sequence[Run]) -> list[Run]:
    """The index recorder on the bounds of the runs."""
    made = [run for each in runs[:1] for run in of_batch(loop, recorded_on(each.case))]
    return [run for run in made if not explains(RIGHT, run)]


def _shows(run: Run) -> bool:
    """Whether the registers of a wrong run say which iterations ran."""
    return run.is_recorded and ran(run.got) is not None


def _shown(recorded: Sequence[Run]) -> str:
    shows = [each for each in recorded if _shows(each)]
    run = min(shows, key=lambda each: (abs(each.upper - each.lower - 3), abs(each.lower - 2)))
    indices, due = ran(run.got) or (), range(run.lower, run.upper)
    bounds = f"from {run.lower} to {run.upper}"
    return f"{bounds}, the carry records {listed(indices)}; expected {listed(due)}"


def _only_so(loop: LoopSubject, wrong: Sequence[Run]) -> str:
    """That the same loop is right with the other kind of bounds, where it is so."""
    other = {"traced": STATIC, "static": TRACED}[loop.variant.bounds]
    if not loop.target.variants((other,)):
        return ""
    try:
        again = [one for run in wrong[:2] for one in of_batch(loop.in_variant(other), run.case)]
    except (Violation, Undecided):
        return ""
    if not all(explains(RIGHT, run) for run in again):
        return ""
    return f" Only with {loop.variant.bounds} bounds: with {other.bounds} ones it is right."


def _only_inside(rule: Rule) -> str:
    """What is wrong where the loop by itself is right."""
    if rule.nested:
        return "The loop by itself is right; inside another loop it is wrong."
    if "vmap" in rule.needs:
        return "The loop by itself is right; under vmap it is wrong."
    return ""


def _of_case(rule: Rule, loop: LoopSubject, violation: Violation, case: LoopCase) -> str:
    others = as_another(rule, loop, case) if violation.difference.why in _RESULTS else []
    if len(others) > 1:
        return ""
    sentence = f"{others[0]}." if others else _of_values(violation)
    parts = needed(rule, loop, case)
    if not parts:
        return sentence
    with_them = f"Only with {' and '.join(parts)}: without, the same case is right."
    return f"{sentence} {with_them}".strip()


def _of_values(violation: Violation) -> str:
    if violation.values is None:
        return ""
    in_turn = assigned_in_turn(violation.case)
    others = () if in_turn is None else ((_IN_TURN, in_turn),)
    return of_leaves(*violation.values, _initial(violation.case), others)


def _initial(case: Batch) -> Any:
    """The initial carry, of NumPy arrays; None where it is not known."""
    match case:
        case LoopBatch():
            return case.carry[0]
        case PermutedBatch():
            return case.leaves
        case Snippet():
            return snippets.parts(case, np).init
        case LoopCase():
            leaves = [leaf_array(case, n) for n in range(len(case.carry.leaves))]
            return build(case.carry.container, leaves)
        case _:
            return None
