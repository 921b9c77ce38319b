"""The evidence behind the cells, grouped where several targets or rules share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from foricheck.judging.events import RuleResult, Status
from foricheck.matrix.table import Column, Matrix, Row

__all__ = ["Evidence", "Group", "NotPassed", "Script", "evidence", "reasons"]

_Item = TypeVar("_Item")
_Shared = TypeVar("_Shared", bound=Hashable)
_Judged = tuple[Column, RuleResult]


@dataclass(frozen=True)
class Script:
    """Lines to paste, and the targets whose failure they reproduce."""

    columns: tuple[Column, ...]
    text: str


@dataclass(frozen=True)
class Evidence:
    """How targets break a rule.

    Attributes:
        columns: the targets that break it in this way.
        result: the judgement on the first of them; the others differ in their scripts only.
        scripts: the lines that reproduce it.
    """

    columns: tuple[Column, ...]
    result: RuleResult
    scripts: tuple[Script, ...]


@dataclass(frozen=True)
class Group:
    """Targets, and the ids of the rules that share a reason for all of them."""

    columns: tuple[Column, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class NotPassed:
    """Why rules count neither for nor against targets.

    Attributes:
        reason: why.
        groups: which rules of which targets; no target is in two groups.
    """

    reason: str
    groups: tuple[Group, ...]


def evidence(matrix: Matrix, row: Row) -> tuple[Evidence, ...]:
    """How the rule is broken, in the order of the targets."""
    broken = [
        (column, result)
        for column, result in zip(matrix.columns, row.results, strict=True)
        if result is not None and result.fails
    ]
    return tuple(_evidence(alike) for alike in _grouped(broken, _key).values())


def reasons(matrix: Matrix, status: Status) -> tuple[NotPassed, ...]:
    """The reasons for a status, in the order in which they first occur.

    A rule that passed has a reason if it left out cases.
    """
    cells = [
        (column, result)
        for row in matrix.rows
        for column, result in zip(matrix.columns, row.results, strict=True)
        if result is not None and result.status == status
        if result.reason or status != "passed"
    ]
    place = {column.anchor: n for n, column in enumerate(matrix.columns)}
    return tuple(
        NotPassed(reason, _groups(sorted(found, key=lambda cell: place[cell[0].anchor])))
        for reason, found in _grouped(cells, lambda cell: cell[1].reason).items()
    )


def _evidence(alike: list[_Judged]) -> Evidence:
    texts = _grouped(alike, lambda cell: cell[1].failure.script if cell[1].failure else "")
    scripts = (Script(tuple(c for c, _ in cells), text) for text, cells in texts.items() if text)
    return Evidence(tuple(column for column, _ in alike), alike[0][1], tuple(scripts))


def _key(cell: _Judged) -> Hashable:
    """The evidence for a failed rule except the script, which may differ in an import only."""
    result = cell[1]
    key = (result.status, result.sentence, result.level, result.reason)
    if (failure := result.failure) is None:
        return key
    difference = (failure.path, failure.expected, failure.got, failure.why, str(failure.ratio))
    return (*key, failure.variant, failure.case, *difference)


def _groups(cells: Iterable[_Judged]) -> tuple[Group, ...]:
    """The targets, grouped by their rules."""
    by_target = _grouped(cells, lambda cell: cell[0].anchor).values()
    alike = _grouped(by_target, lambda found: tuple(result.id for _, result in found))
    return tuple(
        Group(tuple(found[0][0] for found in targets), rules) for rules, targets in alike.items()
    )


def _grouped(items: Iterable[_Item], key: Callable[[_Item], _Shared]) -> dict[_Shared, list[_Item]]:
    groups: dict[_Shared, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
