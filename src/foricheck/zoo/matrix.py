"""The kill matrix: which rule catches which wrong implementation."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foricheck.judging.events import Environment
from foricheck.zoo.trials import TrialResult

__all__ = ["KillMatrix", "RuleKills"]


@dataclass(frozen=True)
class RuleKills:
    """What one rule caught.

    Attributes:
        rule: its id.
        members: how many implementations it must catch, or did catch.
        caught: the runs in which it caught one of them.
        runs: all runs on them.
        first: how many implementations it was the first to catch.
        weakest: those that it did not catch in every run, each with the share of runs.
    """

    rule: str
    members: int
    caught: int
    runs: int
    first: int
    weakest: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KillMatrix:
    """The results of all trials.

    Attributes:
        rows: one an implementation.
        rules: ids of all rules, in the order of the specification.
        is_whole: whether nothing was left out, so that a rule that catches nothing is a trouble.
        environment: versions, platform and device.
        seeds: of the draws.
        seconds: how long it took by the clock.
        resumed: how many of the rows come from earlier reports.
        unfinished: why some trials did not run, or ``""``.
    """

    rows: tuple[TrialResult, ...]
    rules: tuple[str, ...]
    is_whole: bool
    environment: Environment
    seeds: tuple[int, ...]
    seconds: float
    resumed: int = 0
    unfinished: str = ""

    @property
    def wrong(self) -> tuple[TrialResult, ...]:
        """The wrong implementations."""
        return tuple(row for row in self.rows if row.trial.expected == "caught")

    @property
    def right(self) -> tuple[TrialResult, ...]:
        """The right ones."""
        return tuple(row for row in self.rows if row.trial.expected == "passes")

    @property
    def equivalent(self) -> tuple[TrialResult, ...]:
        """The mutants that no rule can distinguish from their original."""
        return tuple(row for row in self.rows if row.trial.expected == "equivalent")

    @property
    def troubles(self) -> tuple[str, ...]:
        """Every deviation from what is expected, a line each."""
        rows = (f"{row.trial.name}: {row.trouble}" for row in self.rows if row.trouble)
        return (*rows, *(f"{rule} catches nothing" for rule in self.unused_rules))

    @property
    def is_as_expected(self) -> bool:
        """Whether all trials ran, and ended as expected."""
        return not self.troubles and not self.unfinished

    @property
    def unused_rules(self) -> tuple[str, ...]:
        """The rules that caught nothing; none unless every implementation was judged."""
        if not self.is_whole or self.unfinished:
            return ()
        used = {cell.rule for row in self.wrong for cell in row.cells if cell.caught}
        return tuple(rule for rule in self.rules if rule not in used)

    @property
    def median(self) -> float | None:
        """The median of the seconds until a wrong implementation was caught."""
        seconds = [row.first.seconds for row in self.wrong if row.first]
        return statistics.median(seconds) if seconds else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The rules that judged any implementation."""
        judged = {cell.rule for row in self.rows for cell in row.cells}
        return tuple(rule for rule in self.rules if rule in judged)

    def groups(self) -> dict[str, tuple[TrialResult, ...]]:
        """The rows by kind of mistake."""
        names = dict.fromkeys(row.trial.group for row in self.rows)
        return {name: _of_group(self.rows, name) for name in names}

    def kills(self) -> tuple[RuleKills, ...]:
        """What each rule caught among those that it must catch."""
        first = Counter(row.first.rule for row in self.wrong if row.first)
        return tuple(_kills(rule, self.wrong, first[rule]) for rule in self.columns)


def _of_group(rows: Iterable[TrialResult], name: str) -> tuple[TrialResult, ...]:
    return tuple(row for row in rows if row.trial.group == name)


def _kills(rule: str, rows: Sequence[TrialResult], first: int) -> RuleKills:
    judged = [(row, cell) for row in rows for cell in row.cells if cell.rule == rule]
    mine = [(row, cell) for row, cell in judged if rule in row.trial.declared or cell.caught]
    return RuleKills(
        rule=rule,
        members=len(mine),
        caught=sum(cell.caught for _, cell in mine),
        runs=sum(cell.runs for _, cell in mine),
        first=first,
        weakest=tuple(
            f"{row.trial.name} {cell.caught}/{cell.runs}"
            for row, cell in mine
            if cell.caught < cell.runs
        ),
    )
