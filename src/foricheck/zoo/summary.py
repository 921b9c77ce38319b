"""The kill matrix in a few lines, for every report of it."""

from __future__ import annotations

from foricheck.report.wording import counted, seconds
from foricheck.zoo.matrix import Matrix
from foricheck.zoo.trials import Row, total

__all__ = ["facts", "runs", "verdict"]


def verdict(matrix: Matrix) -> str:
    """What is to be said first."""
    if matrix.unfinished:
        return f"NOT FINISHED  {matrix.unfinished}"
    troubles = len(matrix.troubles)
    return f"{counted(troubles, 'trouble').upper()}" if troubles else "ALL AS IT MUST BE"


def facts(matrix: Matrix) -> list[tuple[str, str]]:
    """Labels, and what there is to say; nothing of what was not asked for."""
    told = [
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
    return [(label, text) for label, text in told if text]


def runs(row: Row) -> int:
    """How many judgements of a rule a trial took; a rule that was skipped judged nothing."""
    return sum(cell.passed + cell.caught for cell in row.cells)


def _caught(matrix: Matrix) -> str:
    rows = [row for row in matrix.wrong if row.trial.declared]
    caught = sum(not row.trouble for row in rows)
    how = f", at each of {len(matrix.seeds)} seeds" if len(matrix.seeds) > 1 else ""
    return f"{caught:,} of {len(rows):,} caught by the rules that they name{how}" if rows else ""


def _median(matrix: Matrix) -> str:
    if matrix.median is None:
        return ""
    return f"{seconds(matrix.median)} in the median until a wrong implementation is caught"


def _right(matrix: Matrix) -> str:
    if not matrix.right:
        return ""
    passed = sum(row.finished and not row.trouble for row in matrix.right)
    judged = sum(runs(row) for row in matrix.right)
    amounts = f"{counted(judged, 'judgement')}, {counted(total(matrix.right), 'case')} in each run"
    return f"{passed:,} of {len(matrix.right):,} pass ({amounts})"


def _mutants(matrix: Matrix) -> str:
    rows = [row for row in matrix.wrong if row.trial.any_rule]
    caught = sum(not row.trouble for row in rows)
    return f"{caught:,} of {len(rows):,} caught" if rows else ""


def _equivalents(matrix: Matrix) -> str:
    equal = sum(not row.trouble for row in matrix.equivalent)
    told = f"{equal:,} of {len(matrix.equivalent):,} mutants can not be told from their original"
    return told if matrix.equivalent else ""


def _rules(matrix: Matrix) -> str:
    if not matrix.is_whole or matrix.unfinished:
        return ""
    busy = len(matrix.rules) - len(matrix.idle)
    return f"{busy:,} of {len(matrix.rules):,} catch something"


def _amount(matrix: Matrix) -> str:
    which = f"seed {matrix.seeds[0]}"
    if len(matrix.seeds) > 1:
        which = f"seeds {matrix.seeds[0]} to {matrix.seeds[-1]}"
    before = f" ({matrix.earlier:,} of them earlier)" if matrix.earlier else ""
    what = f"{counted(len(matrix.rows), 'implementation')}{before}"
    return f"{what}, {which}, {seconds(matrix.seconds)}"
