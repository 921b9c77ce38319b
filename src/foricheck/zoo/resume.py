"""Results that an earlier report of the zoo has, which need not be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from foricheck.documents.reading import read as read_document
from foricheck.errors import RequestError
from foricheck.judging.events import Environment
from foricheck.report.reading import environment
from foricheck.zoo.document import SCHEMA_VERSION, Implementation, ZooDocument
from foricheck.zoo.trials import Cell, Trial, TrialResult

__all__ = ["SavedRows", "merged", "read"]

_SAME = ("kind", "group", "story", "expected", "profile")
"""Attributes of an entry that must equal those of its trial."""

_WHAT = "a report of foricheck zoo --json"

_OTHERS = "others, or at another profile, or by other rules"

_FEW = 3
"""From this many seeds on, only the first and the last are shown."""


@dataclass(frozen=True)
class SavedRows:
    """The results that an earlier report has of the trials to run.

    Attributes:
        rows: of the trials that are requested in the same way now; an unfinished one holds the
            findings so far, and runs again.
        seconds: how long the run of the report took.
    """

    rows: tuple[TrialResult, ...]
    seconds: float


def read(
    path: Path, trials: Sequence[Trial], *, seeds: Sequence[int], here: Environment
) -> SavedRows:
    """The rows of a report that can replace trials to run.

    An edit in between is noticed if it changes a version, the story of the implementation or the
    set of its rules; the source text is not compared.

    Args:
        path: a report written by ``foricheck zoo --json``.
        trials: the trials to run.
        seeds: of their draws.
        here: the environment of this run.

    Raises:
        RequestError: the file is no such report, its run had other seeds or another environment,
            or it contains none of the trials.
    """
    document = read_document(path, ZooDocument, what=_WHAT, version=SCHEMA_VERSION)
    there = environment(document.environment)
    if differences := (*_other_seeds(document, seeds), *_elsewhere(there, here)):
        raise RequestError(f"{path}: was made {', '.join(differences)}")
    rows = tuple(_rows({each.name: each for each in document.implementations}, trials))
    if document.implementations and not rows:
        raise RequestError(f"{path}: contains none of the requested trials: {_OTHERS}")
    return SavedRows(rows, document.seconds)


def merged(saved: Iterable[SavedRows]) -> tuple[TrialResult, ...]:
    """One row a trial: a finding of one report is not undone by another."""
    rows: dict[Trial, TrialResult] = {}
    for row in (row for each in saved for row in each.rows):
        before = rows.setdefault(row.trial, row)
        if not before.trouble and (row.trouble or row.finished):
            rows[row.trial] = row
    return tuple(rows.values())


def _other_seeds(document: ZooDocument, seeds: Sequence[int]) -> Iterator[str]:
    if document.seeds != tuple(seeds):
        yield f"with seeds {_shown(document.seeds)}, not {_shown(seeds)}"


def _elsewhere(there: Environment, here: Environment) -> Iterator[str]:
    for name, version in here.versions.items():
        if (other := there.versions.get(name, "unknown")) != version:
            yield f"with {name} {other}, not {version}"
    if (there.platform, there.device) != (here.platform, here.device):
        yield f"on {there.platform}, {there.device}, not on {here.platform}, {here.device}"


def _shown(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds)) if len(seeds) < _FEW else f"{seeds[0]} to {seeds[-1]}"


def _rows(entries: Mapping[str, Implementation], trials: Iterable[Trial]) -> Iterator[TrialResult]:
    for trial in trials:
        entry = entries.get(trial.name)
        if entry and _is_of(entry, trial):
            row = TrialResult(
                trial=trial,
                cells=msgspec.convert(entry.cells, tuple[Cell, ...], from_attributes=True),
                seconds=entry.seconds,
                lost=entry.lost,
                finished=entry.finished,
            )
            if not row.finished or _is_whole(row):
                yield row


def _is_of(entry: Implementation, trial: Trial) -> bool:
    same = (getattr(entry, name) == getattr(trial, name) for name in _SAME)
    return entry.target == trial.path and all(same)


def _is_whole(row: TrialResult) -> bool:
    """Whether all of its current rules have judged it, or one of them ended the trial.

    A lost process may have been lost for reasons unrelated to the implementation.
    """
    judged, asked = tuple(row.by_rule), row.trial.rules
    if row.trial.any_rule and (row.first or row.lost):
        return judged == asked[: len(judged)]
    return judged == asked and not row.lost
