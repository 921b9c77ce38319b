"""What an earlier report of the zoo tells, which need not be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foricheck.errors import RequestError
from foricheck.judging.events import Environment
from foricheck.report.json_fields import Fields
from foricheck.report.json_header import environment, opened
from foricheck.zoo.json import VERSION
from foricheck.zoo.trials import Cell, Row, Trial

__all__ = ["Earlier", "merged", "read"]

_SAME = ("kind", "group", "story", "expected", "profile")
"""Members of an entry that are those of its trial."""

_ASKED = "others, or at another profile, or by other rules"

_FEW = 3
"""Of so many seeds, the first and the last are told."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier report tells of the trials that are to be held.

    Attributes:
        rows: those of trials that are asked for now as they were then; one that was not held to
            its end tells what was found, and is to be held again.
        seconds: how long the run took that made the report.
    """

    rows: tuple[Row, ...]
    seconds: float


def read(
    path: Path, trials: Sequence[Trial], *, seeds: Sequence[int], here: Environment
) -> Earlier:
    """The rows of a report that stand for trials to be held.

    That an implementation or a rule was edited in between is noticed by versions, by the story of
    the implementation and by the rules that there are for it, and not by its text.

    Args:
        path: what ``foricheck zoo --json`` has written.
        trials: to be held.
        seeds: of their draws.
        here: where they would be held.

    Raises:
        RequestError: the file is no such report, its run took place with other seeds or elsewhere,
            or none of it is of use.
    """
    with opened(
        path,
        what="a report",
        of="foricheck zoo --json",
        schema=VERSION,
        members=frozenset({"implementations", "seeds"}),
    ) as fields:
        there = environment(fields.object("environment"))
        if differences := (*_other_seeds(fields, seeds), *_elsewhere(there, here)):
            raise RequestError(f"{path}: was made {', '.join(differences)}")
        told = {entry.text("name"): entry for entry in fields.objects("implementations")}
        rows = tuple(_rows(told, trials))
        if told and not rows:
            raise RequestError(f"{path}: tells of none of the trials that are asked for: {_ASKED}")
        return Earlier(rows, fields.number("seconds"))


def merged(earlier: Iterable[Earlier]) -> tuple[Row, ...]:
    """One row a trial: what was found in one run is not undone by another."""
    rows: dict[Trial, Row] = {}
    for row in (row for each in earlier for row in each.rows):
        before = rows.setdefault(row.trial, row)
        if not before.trouble and (row.trouble or row.finished):
            rows[row.trial] = row
    return tuple(rows.values())


def _other_seeds(fields: Fields, seeds: Sequence[int]) -> Iterator[str]:
    if (there := fields.integers("seeds")) != tuple(seeds):
        yield f"with seeds {_shown(there)}, not {_shown(seeds)}"


def _elsewhere(there: Environment, here: Environment) -> Iterator[str]:
    for name, version in here.versions.items():
        if (other := there.versions.get(name, "unknown")) != version:
            yield f"with {name} {other}, not {version}"
    if (there.platform, there.device) != (here.platform, here.device):
        yield f"on {there.platform}, {there.device}, not on {here.platform}, {here.device}"


def _shown(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds)) if len(seeds) < _FEW else f"{seeds[0]} to {seeds[-1]}"


def _rows(told: Mapping[str, Fields], trials: Iterable[Trial]) -> Iterator[Row]:
    for trial in trials:
        entry = told.get(trial.name)
        if entry and _is_of(entry, trial):
            row = _row(entry, trial)
            if not row.finished or _is_whole(row):
                yield row


def _is_of(entry: Fields, trial: Trial) -> bool:
    said = (entry.take("target"), *(entry.text(name) for name in _SAME))
    return said == (trial.path, *(getattr(trial, name) for name in _SAME))


def _is_whole(row: Row) -> bool:
    """Whether it was judged by all the rules that there are for it now, or ended before by them.

    One whose process was lost was judged by none from then on; it may be lost for other reasons
    than its own.
    """
    judged, asked = tuple(row.by_rule), row.trial.rules
    if row.trial.any_rule and (row.first or row.lost):
        return judged == asked[: len(judged)]
    return judged == asked and not row.lost


def _row(fields: Fields, trial: Trial) -> Row:
    return Row(
        trial=trial,
        cells=tuple(_cell(entry) for entry in fields.objects("cells")),
        seconds=fields.number("seconds"),
        lost=fields.text("lost"),
        finished=fields.flag("finished"),
    )


def _cell(fields: Fields) -> Cell:
    return Cell(
        rule=fields.text("rule"),
        runs=fields.count("runs"),
        caught=fields.count("caught"),
        passed=fields.count("passed"),
        cases=fields.count("cases"),
        seconds=fields.number("seconds"),
        case=fields.text("case"),
    )
