"""The verdict of a run, from the results of its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from foricheck.judging.events import RuleResult, RunFinished
from foricheck.rules.registry import all_rules

__all__ = ["verdict"]


_DECLARED = ("refuse", "unroll", "vmap", "grad", "reverse")
"""Capabilities that a correct target often lacks."""

_FEW = 3
"""With fewer failures, no capability is suspected."""


def verdict(results: Sequence[RuleResult], notes: Iterable[str] = ()) -> RunFinished:
    """Nonconformant if a rule failed, or passed although it was expected to fail.

    If every rule was skipped, nothing was judged, and the verdict is an error.
    """
    statuses = {result.status for result in results}
    if statuses == {"skipped"}:
        return RunFinished("error", "every rule was skipped", tuple(notes))
    bad = statuses & {"failed", "xpassed"}
    every_note = (*notes, *_undeclared(results))
    return RunFinished("nonconformant" if bad else "conformant", notes=every_note)


def _undeclared(results: Sequence[RuleResult]) -> Iterator[str]:
    """Note each capability that the target seems to lack: most rules that need it failed."""
    # A rule that needs reverse mode says nothing about derivatives in general.
    needs = {
        rule.id: rule.needs - {"grad"} if "reverse" in rule.needs else rule.needs
        for rule in all_rules()
    }
    for capability in _DECLARED:
        judged = [result for result in results if capability in needs.get(result.id, ())]
        failed = [result.id for result in judged if result.status == "failed"]
        if len(failed) >= _FEW and 2 * len(failed) >= len(judged):
            yield (
                f"{len(failed)} of the failed rules need {capability!r}: a target that does not "
                f"claim it is run with --without {capability}"
            )
