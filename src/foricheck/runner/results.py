"""The results of a run: collected, stored for replay, and summed up in the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foricheck.evidence.record import Record
from foricheck.judging.events import RuleFinished, RuleResult, RunFinished, Verdict
from foricheck.judging.expectations import unused_expectations
from foricheck.judging.verdict import not_judged, verdict
from foricheck.runner import replays
from foricheck.runner.request import Request

__all__ = ["Results"]


@dataclass
class Results:
    """The results so far.

    Attributes:
        request: the run.
        directory: where failures are stored.
        results: one for each rule judged, in the order in which they ended.
        notes: for the end of the report, a line each.
        error: why the run was stopped, or ``""``.
        no_verdict: whether it was stopped because no result can be trusted.
        given_up: why the remaining rules were not judged, or ``""``.
    """

    request: Request
    directory: Path
    results: list[RuleResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""
    no_verdict: bool = False
    given_up: str = ""

    def add(self, result: RuleResult) -> RuleFinished:
        """Collect a result, and store its failure."""
        self.results.append(result)
        try:
            self._store(result)
        except OSError as error:
            self.notes.append(f"failures cannot be kept for replay: {error}")
        return RuleFinished(result)

    def finish(self, planned: Sequence[str]) -> RunFinished:
        """The end of the run, which was to judge these rules."""
        judged = {result.id for result in self.results}
        if missing := not_judged(planned, judged):
            self.notes.append(f"{self.given_up}; {missing}" if self.given_up else missing)
        if missing and not (self.error or self.given_up):
            self.error = "the run ended before every rule was judged"
        if self.error:
            ended: Verdict = (
                "nonconformant" if self._has_failed and not self.no_verdict else "error"
            )
            return RunFinished(ended, self.error, tuple(self.notes))
        notes = (*self.notes, *unused_expectations(self.request.expected, self.results))
        return verdict(self.results, dict.fromkeys(notes))

    @property
    def _has_failed(self) -> bool:
        return any(result.fails for result in self.results)

    def _store(self, result: RuleResult) -> None:
        if result.failure is not None and result.failure.data:
            replays.store(Record.of(result.failure, self.request.spec), self.directory)
