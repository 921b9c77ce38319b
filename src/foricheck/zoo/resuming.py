"""What an earlier report of the zoo tells, which need not be judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from foricheck.documents.fields import Fields
from foricheck.documents.opening import environment, opened
from foricheck.events import Environment
from foricheck.request import RequestError
from foricheck.zoo.as_json import VERSION
from foricheck.zoo.trials import Cell, Row, Trial

__all__ = ["Earlier", "read"]

_FEW = 3
"""Of so many seeds, the first and the last are told."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier report tells of the trials that are to be held.

    Attributes:
        rows: those of trials that were held to their end, and asked for what is asked for now.
        seconds: how long the run took that made the report.
    """

    rows: tuple[Row, ...]
    seconds: float


def read(
    path: Path, trials: Sequence[Trial], *, seeds: Sequence[int], here: Environment
) -> Earlier:
    """The rows of a report that stand for trials to be held.

    Args:
        path: what ``foricheck zoo --json`` has written.
        trials: to be held.
        seeds: of their draws.
        here: where they would be held.

    Raises:
        RequestError: the file is no such report, or its run took place with other seeds, or
            elsewhere.
    """
    with opened(
        path,
        what="a report",
        of="foricheck zoo --json",
        schema=VERSION,
        members=frozenset({"implementations", "seeds"}),
    ) as fields:
        if (other := fields.integers("seeds")) != tuple(seeds):
            raise RequestError(f"{path}: was made with seeds {_shown(other)}, not {_shown(seeds)}")
        for difference in _differences(environment(fields.object("environment")), here):
            raise RequestError(f"{path}: {difference}")
        rows = tuple(_rows(fields.objects("implementations"), trials))
        return Earlier(rows, fields.number("seconds"))


def _differences(there: Environment, here: Environment) -> Iterator[str]:
    """Where two runs could come out otherwise."""
    for name, version in here.versions.items():
        if (other := there.versions.get(name, "unknown")) != version:
            yield f"was made with {name} {other}, not {version}"
    if (there.platform, there.device) != (here.platform, here.device):
        yield f"was made on {there.platform}, {there.device}; not on {here.platform}, {here.device}"


def _shown(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds)) if len(seeds) < _FEW else f"{seeds[0]} to {seeds[-1]}"


def _rows(entries: Iterable[Fields], trials: Sequence[Trial]) -> Iterator[Row]:
    by_name = {trial.name: trial for trial in trials}
    for entry in entries:
        trial = by_name.get(entry.text("name"))
        if trial and entry.flag("finished") and _is_the_same(entry, trial):
            row = _row(entry, trial)
            if _is_whole(row):
                yield row


def _is_the_same(entry: Fields, trial: Trial) -> bool:
    return (entry.take("target"), entry.text("profile")) == (trial.path, trial.profile)


def _is_whole(row: Row) -> bool:
    """Whether it was judged by all the rules that there are for it now."""
    judged, asked = set(row.by_rule), set(row.trial.rules)
    return judged <= asked if row.trial.enough else judged == asked


def _row(fields: Fields, trial: Trial) -> Row:
    return Row(
        trial=trial,
        cells=tuple(_cell(entry) for entry in fields.objects("cells")),
        seconds=fields.number("seconds"),
        lost=fields.text("lost"),
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
