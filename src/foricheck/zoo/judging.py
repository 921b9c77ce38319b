"""Judging one implementation of the zoo: rule by rule, seed by seed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event, RuleResult
from foricheck.judging.subjects import Subjects
from foricheck.rules.draws import Enumerated
from foricheck.rules.rule import Rule
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import Target
from foricheck.zoo.trials import Cell, Trial

__all__ = ["Finding", "Note", "Ran", "cells", "judge"]


@dataclass(frozen=True)
class Finding:
    """What one rule said in one run.

    Attributes:
        result: the judgement.
        seconds: from the start of the run.
    """

    result: RuleResult
    seconds: float


@dataclass(frozen=True)
class Ran:
    """One run of the trial has ended, that with this seed."""

    seed: int


Note = Event | Finding | Ran
"""What is told of a trial: signs of life, findings, and how far it is."""


def judge(trial: Trial, tell: Callable[[Note], None]) -> None:
    """Judge an implementation as its trial asks, and tell each finding.

    Each run of one that remembers begins with its module imported anew: what a call leaves behind
    in it would help, or hinder, the next run. The others keep what they have compiled.
    """
    subjects = None
    for seed in trial.seeds:
        if subjects is None or trial.stateful:
            subjects = Subjects(_fresh(trial))
        _run(trial, subjects, seed, tell)
        tell(Ran(seed))


def cells(trial: Trial, findings: list[Finding]) -> tuple[Cell, ...]:
    """What was found, folded rule by rule in the order in which the rules were judged."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.result.id, []).append(finding)
    return tuple(_cell(trial, rule, found) for rule, found in by_rule.items())


def _run(trial: Trial, subjects: Subjects, seed: int, tell: Callable[[Note], None]) -> None:
    plan = planning.Plan(
        target=subjects.target,
        rules=_rules(trial, subjects.target, first=seed == trial.seeds[0]),
        profile=trial.profile,
        seed=seed,
        bundled=trial.path is None,
        shrinks=False,
    )
    started, judging = time.perf_counter(), running.Judge(plan, tell, subjects=subjects)
    for rule in plan.rules:
        result = judging.rule(rule)
        tell(Finding(result, time.perf_counter() - started))
        if trial.any_rule and trial.catches(result.status):
            return


def _rules(trial: Trial, target: Target, *, first: bool) -> tuple[Rule, ...]:
    """The rules of a run; after the first run, those whose cases depend on the seed."""
    from foricheck.rules.registry import all_rules

    known = {rule.id: rule for rule in all_rules()}
    asked = (known[id] for id in trial.rules if known[id].kind in target.kinds)
    return tuple(rule for rule in asked if first or not isinstance(rule.draw, Enumerated))


def _fresh(trial: Trial) -> Target:
    """The implementation, from a module that has not been used yet."""
    if trial.path is not None:
        sys.modules.pop(trial.path.partition(":")[0], None)
    target = load(TargetSpec(trial.path))
    if trial.original is None:
        return target
    return replace(target, capabilities=load(TargetSpec(trial.original)).capabilities)


def _holds(finding: Finding) -> bool:
    """Whether the rule held; a known deviation is JAX's own, and no news."""
    return finding.result.status in ("passed", "xfailed")


def _cell(trial: Trial, rule: str, findings: list[Finding]) -> Cell:
    caught = [finding for finding in findings if trial.catches(finding.result.status)]
    told = (caught or findings)[0]
    failure = told.result.failure
    return Cell(
        rule=rule,
        runs=len(findings),
        caught=len(caught),
        passed=sum(_holds(finding) for finding in findings if finding not in caught),
        cases=told.result.cases,
        seconds=round(told.seconds, 3),
        case=failure.case if caught and failure else "",
    )
