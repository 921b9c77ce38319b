"""Judging the judge: loops that are known to be wrong must be found wrong in the same process.

A target runs in the process that judges it, and can replace any part of the judge: an assertion,
the oracle, a function of NumPy, Hypothesis. The canaries go through the same rules, the same
judging and the same events. Where one passes, there is no verdict. A target that looks for the
canaries can still spare them; no process can be sure of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from foricheck.comparison.refusals import in_a_line
from foricheck.judging import run as running
from foricheck.judging.canary_cases import CANARIES, Canary
from foricheck.judging.events import Emit, Event, RuleFinished, RuleResult, ignore
from foricheck.judging.plan import Plan
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Rule
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.limits import UNLIMITED
from foricheck.targets.target import Target

__all__ = ["CHANGED", "Canaries", "Watch", "applicable", "tampering", "tampering_in"]

CHANGED = "the judge was changed from inside:"
"""How the reason begins why there is no verdict."""

Confirm = Callable[[Plan, Rule, RuleResult, Emit], RuleResult]
"""See `foricheck.judging.confirming.confirmed`."""

_BUDGET = Budget(batched=2, single=2)


class Canaries:
    """The canaries of one process.

    Args:
        target: the implementation that this process judges; the canaries are called like it.
        emit: receives the events of their rules.
    """

    def __init__(self, target: Target, emit: Emit) -> None:
        rules = {rule.id: rule for rule in all_rules()}
        chosen = applicable(target.namespace, target.kinds, at_the_end=True)
        plans = [_plan(each, target) for each in chosen]
        self._known = [
            (each, _rule(each, rules), running.Judge(plan, emit), plan)
            for each, plan in zip(chosen, plans, strict=True)
        ]

    def judge(self, *, at_the_end: bool) -> None:
        """Judge the canaries, and emit the events of their rules."""
        for canary, rule, judge, _ in self._known:
            if at_the_end or canary.when == "always":
                judge.rule(rule)

    def confirm(self, confirmed: Confirm) -> Iterator[RuleResult]:
        """What a function that confirms the failures of rules makes of those of the canaries."""
        for canary, rule, _, plan in self._known:
            if canary.is_confirmed:
                found = running.Judge(plan, ignore).rule(rule)
                yield confirmed(plan, rule, found, ignore)


def applicable(namespace: str, kinds: Iterable[str], *, at_the_end: bool) -> list[Canary]:
    """The canaries that are judged in a process that judges such a target, in order.

    None are where the target runs in a process of its own.
    """
    if namespace == "wire":
        return []
    return [
        canary
        for canary in CANARIES
        if canary.kind in kinds
        and (namespace == "jax" or not canary.needs_jax)
        and (at_the_end or canary.when == "always")
    ]


def tampering(canaries: Sequence[Canary], results: Sequence[RuleResult]) -> str:
    """How the judge was changed from inside, in one line, or ``""`` if it was not seen to be."""
    if len(canaries) != len(results):
        return _changed(f"{len(results)} of {len(canaries)} known loops were judged")
    found = (_wrong(*pair) for pair in zip(canaries, results, strict=True))
    return next((_changed(one) for one in found if one), "")


def tampering_in(target: Target) -> str:
    """As `tampering`, of this process, in which the target has run; all canaries are judged."""
    return Watch(target).tampering(at_the_end=True)


class Watch:
    """Judges the canaries in the process that also reports, as pytest's is.

    Args:
        target: the implementation that this process judges.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._results: list[RuleResult] = []
        self._canaries = Canaries(target, self._collect)

    def tampering(self, *, at_the_end: bool = False) -> str:
        """See `tampering`."""
        self._results.clear()
        try:
            self._canaries.judge(at_the_end=at_the_end)
        except Exception as error:  # of what the target put in its place
            return _changed(f"judging a known loop raises {in_a_line(error)}")
        namespace, kinds = self._target.namespace, self._target.kinds
        return tampering(applicable(namespace, kinds, at_the_end=at_the_end), self._results)

    def _collect(self, event: Event) -> None:
        if isinstance(event, RuleFinished):
            self._results.append(event.result)


def _wrong(canary: Canary, result: RuleResult) -> str:
    """How the result on a canary is not the known one, or ``""``."""
    if result.id != canary.rule:
        return f"{result.id} was judged instead of {canary.rule}"
    if canary.is_right:
        passed = result.status == "passed" and result.cases > 0
        return "" if passed else f"a loop that is known to be right did not pass {canary.rule}"
    if result.status != "failed" or result.failure is None:
        return f"a {canary.kind} that is known to be wrong passed {canary.rule}"
    found = result.failure.expected, result.failure.got
    known = canary.expected or found[0], canary.got or found[1]
    if found == known and found[0] != found[1]:
        return ""
    return f"{canary.rule} expects {found[0]} and sees {found[1]} where it is {' and '.join(known)}"


def _changed(how: str) -> str:
    return f"{CHANGED} {how}"


def _rule(canary: Canary, rules: dict[str, Rule]) -> Rule:
    """The rule of a canary, on the canary's case."""
    rule = replace(rules[canary.rule], variants=(canary.variant,), budget=_BUDGET)
    cases = [] if canary.case is None else [canary.case]
    return replace(rule, draw=Enumerated(lambda _: cases)) if cases else rule


def _plan(canary: Canary, target: Target) -> Plan:
    known = replace(
        target,
        callables={canary.kind: canary.call},
        namespace="jax" if canary.needs_jax else "numpy",
        capabilities=frozenset(CAPABILITIES),
        imports={canary.kind: ""},
        limits=UNLIMITED,
    )
    return Plan(target=known, rules=(), profile="quick", shrinks=bool(canary.case), diagnoses=False)
