"""A trial: one implementation of the zoo, the rules that judge it, and the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from foricheck.judging.events import Status

__all__ = ["Cell", "Expected", "Trial", "TrialResult", "total"]

Expected = Literal["caught", "passes", "equivalent"]
"""The outcome of a wrong implementation, of a right one, and of an equivalent mutant."""

Count = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One implementation, and the rules that judge it.

    Attributes:
        name: its name in tables.
        path: ``module:attribute``; None is the bundled reference.
        kind: what it claims to be, ``loop`` or ``recurrence``, or both.
        group: the kind of its mistake, ``right``, or what it is a mutant of.
        story: what is wrong with it, and how such a bug arises.
        expected: the outcome that it must have.
        rules: ids of the rules that judge it, in this order.
        declared: those of them that must catch it.
        any_rule: whether one rule that catches it is enough, and ends the trial.
        profile: how many cases a rule is judged on.
        seeds: of the draws; one run each.
        silence: seconds without a message after which it counts as hanging.
        as_jax: whether it breaks its rules exactly as released JAX does.
        original: what it is a mutant of; it is judged with the capabilities of the original.
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
        """Whether its calls may affect each other, so that each run needs a fresh module."""
        return self.group in ("caching", "state", "aliasing")

    def catches(self, status: Status) -> bool:
        """Whether a rule with this status has caught it.

        A known deviation that no longer occurs fails a run, and so it does here.
        """
        return status in ("failed", "xpassed") or (self.as_jax and status == "xfailed")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One implementation judged by one rule.

    Attributes:
        rule: the rule's id.
        runs: how often it was judged: once a seed, or once if its cases do not depend on the seed.
        caught: in how many of these runs the rule failed.
        passed: in how many it passed; it was skipped in the others.
        cases: how many cases the first run judged, up to the failure if there was one.
        seconds: the same in seconds, from the start of the trial.
        case: the first case that broke it, or ``""``.
    """

    rule: str
    runs: Count
    caught: Count
    passed: Count
    cases: Count
    seconds: float
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """The result of one trial: a row of the matrix.

    Attributes:
        trial: what was judged.
        cells: one a rule, in the order of judging.
        seconds: how long it took.
        lost: how its process was lost, or ``""``; a mutant that hangs or dies is caught.
        finished: whether all runs ended; otherwise the cells are those of the runs so far.
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
        """How the outcome differs from the expected one, or ``""``."""
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


def total(rows: Iterable[TrialResult]) -> int:
    """How many cases these trials judged, in the first run of each rule."""
    return sum(cell.cases for row in rows for cell in row.cells)


def _out_of(cell: Cell) -> str:
    return f" ({cell.caught} of {cell.runs} runs)" if cell.runs > 1 else ""
