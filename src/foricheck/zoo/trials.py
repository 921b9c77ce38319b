"""What is put on trial in the zoo, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from foricheck.judging.events import Status

__all__ = ["Cell", "Expected", "Row", "Trial", "total"]

Expected = Literal["caught", "passes", "equivalent"]
"""Of a wrong implementation, of a right one, and of a mutant that nothing can tell from it."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One implementation, and by what it is to be judged.

    Attributes:
        name: what it is called in tables.
        path: ``module:attribute``; None is the bundled reference.
        kind: what it claims to be, ``loop`` or ``recurrence``, or both of them.
        group: the kind of its mistake, ``right``, or what it is a mutant of.
        story: what is wrong with it, and how such a bug comes to be.
        expected: what must come of it.
        rules: ids of the rules to judge by, in this order.
        declared: those of them that must catch it.
        any_rule: whether any one of them is enough, whose catch ends the trial.
        profile: how many cases a rule is judged on.
        seeds: of the draws; one run each.
        silence: seconds without a word after which it is taken to hang.
        as_jax: whether it breaks its rules in the very way in which released JAX does.
        original: what it is a mutant of, which must do all that the original says it can do.
    """

    name: str
    path: str | None
    kind: str
    group: str
    story: str
    expected: Expected
    rules: tuple[str, ...]
    declared: tuple[str, ...] = ()
    any_rule: bool = False
    profile: str = "default"
    seeds: tuple[int, ...] = (0,)
    silence: float = 300.0
    as_jax: bool = False
    original: str | None = None

    @property
    def stateful(self) -> bool:
        """Whether one call of it may change another: it must not have been called before."""
        return self.group in ("caching", "state", "aliasing")

    def catches(self, status: Status) -> bool:
        """Whether a rule that ended so has caught it.

        A known deviation that has gone is a failure of a run, and so it is here.
        """
        return status in ("failed", "xpassed") or (self.as_jax and status == "xfailed")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One implementation judged by one rule.

    Attributes:
        rule: the rule's id.
        runs: how often it was judged: once a seed, or once if its cases are the same for every
            seed.
        caught: in how many of these runs the rule was broken.
        passed: in how many it held; the rule was skipped in the others.
        cases: how many cases were judged until it was broken, or in all; of the first run.
        seconds: the same in seconds, from the start of the trial.
        case: the first case that broke it, or ``""``.
    """

    rule: str
    runs: int
    caught: int
    passed: int
    cases: int
    seconds: float
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What came of one trial.

    Attributes:
        trial: what was judged.
        cells: one a rule, in the order in which they were judged.
        seconds: how long it took.
        lost: how its process was lost, or ``""``; a mutant that hangs or dies is caught.
        finished: whether all runs were made; otherwise what was found until then is kept.
    """

    trial: Trial
    cells: tuple[Cell, ...]
    seconds: float
    lost: str = ""
    finished: bool = True

    @property
    def first(self) -> Cell | None:
        """The first rule that caught it."""
        return next((cell for cell in self.cells if cell.caught), None)

    @property
    def by_rule(self) -> dict[str, Cell]:
        """The cells by the ids of their rules."""
        return {cell.rule: cell for cell in self.cells}

    @property
    def trouble(self) -> str:
        """How it did otherwise than expected, or ``""``."""
        if self.trial.expected == "caught":
            return self._survival()
        caught = [cell.rule for cell in self.cells if cell.caught]
        if not caught and not self.lost:
            return ""
        word = "accused" if self.trial.expected == "passes" else "is no equivalent: caught"
        return f"{word} by {', '.join(caught)}" if caught else f"the process {self.lost}"

    def _survival(self) -> str:
        if self.trial.any_rule:
            return "" if self.first or self.lost else "survives"
        if self.lost:
            return f"the process {self.lost}"
        cells = self.by_rule
        missed = [
            f"{id}{_out_of(cells[id])}" if id in cells else f"{id} (not judged)"
            for id in self.trial.declared
            if id not in cells or cells[id].caught < cells[id].runs
        ]
        return f"not caught by {', '.join(missed)}" if missed else ""


def total(rows: Iterable[Row]) -> int:
    """How many cases were judged in these trials, in the first run of each rule."""
    return sum(cell.cases for row in rows for cell in row.cells)


def _out_of(cell: Cell) -> str:
    return f" ({cell.caught} of {cell.runs} runs)" if cell.runs > 1 else ""
