"""One trial: an implementation of the zoo is judged rule by rule, seed by seed."""

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

__all__ = ["Finding", "SeedFinished", "TrialEvent", "cells", "judge_trial"]


@dataclass(frozen=True)
class Finding:
    """The result of one rule in one run.

    Attributes:
        result: the judgement.
        seconds: from the start of the run.
    """

    result: RuleResult
    seconds: float


@dataclass(frozen=True)
class SeedFinished:
    """The run of the trial with this seed has ended."""

    seed: int


TrialEvent = Event | Finding | SeedFinished
"""What happens in a trial: progress within a rule, findings, and the end of a run."""


def judge_trial(trial: Trial, on_event: Callable[[TrialEvent], None]) -> None:
    """Judge an implementation as its trial asks, and report each finding.

    A stateful implementation is imported anew for each run, since the state that a run leaves
    behind would change the next one. The others keep their compiled programs.
    """
    subjects = None
    for seed in trial.seeds:
        if subjects is None or trial.stateful:
            subjects = Subjects(_fresh(trial))
        _run(trial, subjects, seed, on_event)
        on_event(SeedFinished(seed))


def cells(trial: Trial, findings: list[Finding]) -> tuple[Cell, ...]:
    """The findings of all runs, one cell a rule, in the order of judging."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.result.id, []).append(finding)
    return tuple(_cell(trial, rule, found) for rule, found in by_rule.items())


def _run(
    trial: Trial, subjects: Subjects, seed: int, on_event: Callable[[TrialEvent], None]
) -> None:
    plan = planning.Plan(
        target=subjects.target,
        rules=_rules(trial, subjects.target, first=seed == trial.seeds[0]),
        profile=trial.profile,
        seed=seed,
        bundled=trial.path is None,
        shrinks=False,
    )
    started, judging = time.perf_counter(), running.Judge(plan, on_event, subjects=subjects)
    for rule in plan.rules:
        result = judging.rule(rule)
        on_event(Finding(result, time.perf_counter() - started))
        if trial.any_rule and trial.catches(result.status):
            return


def _rules(trial: Trial, target: Target, *, first: bool) -> tuple[Rule, ...]:
    """The rules of a run; after the first run, those whose cases depend on the seed."""
    from foricheck.rules.registry import all_rules

    known = {rule.id: rule for rule in all_rules()}
    asked = (known[id] for id in trial.rules if known[id].kind in target.kinds)
    return tuple(rule for rule in asked if first or not isinstance(rule.draw, Enumerated))


def _fresh(trial: Trial) -> Target:
    """The implementation, from a newly imported module."""
    if trial.path is not None:
        sys.modules.pop(trial.path.partition(":")[0], None)
    target = load(TargetSpec(trial.path))
    if trial.original is None:
        return target
    return replace(target, capabilities=load(TargetSpec(trial.original)).capabilities)


def _holds(finding: Finding) -> bool:
    """Whether the rule held; a known deviation of JAX counts as holding."""
    return finding.result.status in ("passed", "xfailed")


def _cell(trial: Trial, rule: str, findings: list[Finding]) -> Cell:
    caught = [finding for finding in findings if trial.catches(finding.result.status)]
    first = (caught or findings)[0]
    failure = first.result.failure
    return Cell(
        rule=rule,
        runs=len(findings),
        caught=len(caught),
        passed=sum(_holds(finding) for finding in findings if finding not in caught),
        cases=first.result.cases,
        seconds=round(first.seconds, 3),
        case=failure.case if caught and failure else "",
    )
