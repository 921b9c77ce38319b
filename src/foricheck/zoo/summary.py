"""The kill matrix in a few lines, for every report of it."""

from __future__ import annotations

from foricheck.report.wording import counted, seconds
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.trials import TrialResult, total

__all__ = ["facts", "runs", "verdict"]


def verdict(matrix: KillMatrix) -> str:
    """The headline."""
    if matrix.unfinished:
        return f"NOT FINISHED  {matrix.unfinished}"
    troubles = len(matrix.troubles)
    return f"{counted(troubles, 'trouble').upper()}" if troubles else "ALL AS EXPECTED"


def facts(matrix: KillMatrix) -> list[tuple[str, str]]:
    """Labels and texts, without those of what was not asked for."""
    labelled = [
        ("wrong", _caught(matrix)),
        ("first", _median(matrix)),
        ("right", _right(matrix)),
        ("mutants", _mutants(matrix)),
        ("equal", _equivalents(matrix)),
        ("rules", _rules(matrix)),
        ("judged", _amount(matrix)),
        ("with", ", ".join(f"{name} {it}" for name, it in matrix.environment.versions.items())),
        ("on", f"{matrix.environment.platform}, {matrix.environment.device}"),
    ]
    return [(label, text) for label, text in labelled if text]


def runs(row: TrialResult) -> int:
    """How many judgements a trial took; a skipped rule is none."""
    return sum(cell.passed + cell.caught for cell in row.cells)


def _caught(matrix: KillMatrix) -> str:
    rows = [row for row in matrix.wrong if row.trial.declared]
    caught = sum(not row.trouble for row in rows)
    how = f", at each of {len(matrix.seeds)} seeds" if len(matrix.seeds) > 1 else ""
    return f"{caught:,} of {len(rows):,} caught by the rules that they name{how}" if rows else ""


def _median(matrix: KillMatrix) -> str:
    if matrix.median is None:
        return ""
    return f"{seconds(matrix.median)} in the median until a wrong implementation is caught"


def _right(matrix: KillMatrix) -> str:
    if not matrix.right:
        return ""
    passed = sum(row.finished and not row.trouble for row in matrix.right)
    judged = sum(runs(row) for row in matrix.right)
    amounts = f"{counted(judged, 'judgement')}, {counted(total(matrix.right), 'case')} in each run"
    return f"{passed:,} of {len(matrix.right):,} pass ({amounts})"


def _mutants(matrix: KillMatrix) -> str:
    rows = [row for row in matrix.wrong if row.trial.any_rule]
    caught = sum(not row.trouble for row in rows)
    return f"{caught:,} of {len(rows):,} caught" if rows else ""


def _equivalents(matrix: KillMatrix) -> str:
    equal = sum(not row.trouble for row in matrix.equivalent)
    total = f"{len(matrix.equivalent):,} mutants"
    return f"{equal:,} of {total} pass as equivalent" if matrix.equivalent else ""


def _rules(matrix: KillMatrix) -> str:
    if not matrix.is_whole or matrix.unfinished:
        return ""
    used = len(matrix.rules) - len(matrix.unused_rules)
    return f"{used:,} of {len(matrix.rules):,} catch something"


def _amount(matrix: KillMatrix) -> str:
    which = f"seed {matrix.seeds[0]}"
    if len(matrix.seeds) > 1:
        which = f"seeds {matrix.seeds[0]} to {matrix.seeds[-1]}"
    before = f" ({matrix.resumed:,} of them earlier)" if matrix.resumed else ""
    what = f"{counted(len(matrix.rows), 'implementation')}{before}"
    return f"{what}, {which}, {seconds(matrix.seconds)}"
