"""The kill matrix: which rule catches which wrong implementation."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foricheck.judging.events import Environment
from foricheck.zoo.trials import Row

__all__ = ["Matrix", "RuleKills"]


@dataclass(frozen=True)
class RuleKills:
    """What one rule caught.

    Attributes:
        rule: its id.
        members: how many implementations it was to catch, or did catch.
        caught: in how many runs one was caught, over all of these.
        runs: of how many.
        first: how many it was the first to catch.
        weakest: those that it did not catch in every run, each with how often.
    """

    rule: str
    members: int
    caught: int
    runs: int
    first: int
    weakest: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """What came of all trials.

    Attributes:
        rows: one an implementation.
        rules: ids of the rules there are, in the order of the specification.
        is_whole: whether nothing was left out, so that a rule without a kill is a trouble.
        environment: versions, platform and device.
        seeds: of the draws.
        seconds: how long it took by the clock.
        earlier: how many of the rows come from earlier reports.
        unfinished: why not all trials were held, or ``""``.
    """

    rows: tuple[Row, ...]
    rules: tuple[str, ...]
    is_whole: bool
    environment: Environment
    seeds: tuple[int, ...]
    seconds: float
    earlier: int = 0
    unfinished: str = ""

    @property
    def wrong(self) -> tuple[Row, ...]:
        """The wrong implementations."""
        return tuple(row for row in self.rows if row.trial.expected == "caught")

    @property
    def right(self) -> tuple[Row, ...]:
        """The right ones."""
        return tuple(row for row in self.rows if row.trial.expected == "passes")

    @property
    def equivalent(self) -> tuple[Row, ...]:
        """The mutants that nothing can tell from their original."""
        return tuple(row for row in self.rows if row.trial.expected == "equivalent")

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is not as it must be, a line each."""
        told = [f"{row.trial.name}: {row.trouble}" for row in self.rows if row.trouble]
        return (*told, *(f"{rule} catches nothing" for rule in self.idle))

    @property
    def is_well(self) -> bool:
        """Whether all trials were held, and came out as they must."""
        return not self.troubles and not self.unfinished

    @property
    def idle(self) -> tuple[str, ...]:
        """The rules that caught nothing, where all was judged."""
        if not self.is_whole or self.unfinished:
            return ()
        busy = {cell.rule for row in self.wrong for cell in row.cells if cell.caught}
        return tuple(rule for rule in self.rules if rule not in busy)

    @property
    def median(self) -> float | None:
        """The median of the seconds until a wrong implementation was caught."""
        seconds = [row.first.seconds for row in self.wrong if row.first]
        return statistics.median(seconds) if seconds else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The rules by which anything was judged."""
        judged = {cell.rule for row in self.rows for cell in row.cells}
        return tuple(rule for rule in self.rules if rule in judged)

    def groups(self) -> dict[str, tuple[Row, ...]]:
        """The rows by kind of mistake, as many as there are."""
        names = dict.fromkeys(row.trial.group for row in self.rows)
        return {name: _of_group(self.rows, name) for name in names}

    def kills(self) -> tuple[RuleKills, ...]:
        """What each rule caught among those that it must catch."""
        first = Counter(row.first.rule for row in self.wrong if row.first)
        return tuple(_kills(rule, self.wrong, first[rule]) for rule in self.columns)


def _of_group(rows: Iterable[Row], name: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.trial.group == name)


def _kills(rule: str, rows: Sequence[Row], first: int) -> RuleKills:
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
