"""The verdict that the results of the rules amount to."""

from __future__ import annotations

from collections.abc import Iterable

from foricheck.events import RuleResult, RunFinished

__all__ = ["verdict"]


def verdict(results: Iterable[RuleResult], notes: Iterable[str] = ()) -> RunFinished:
    """Nonconformant if a rule failed, or passed although it was expected to fail.

    A run in which every rule was skipped has judged nothing, and is no verdict.
    """
    statuses = {result.status for result in results}
    if statuses == {"skipped"}:
        return RunFinished("error", "every rule was skipped", tuple(notes))
    bad = statuses & {"failed", "xpassed"}
    return RunFinished("nonconformant" if bad else "conformant", notes=tuple(notes))
