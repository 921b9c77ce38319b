"""The verdict that the results of the rules amount to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from foricheck.judging.events import RuleResult, RunFinished
from foricheck.rules.registry import all_rules

__all__ = ["verdict"]


_DECLARED = ("refuse", "unroll", "vmap", "grad", "reverse")
"""Capabilities that a right target often does not claim."""

_FEW = 3
"""With fewer failures, each speaks for itself."""


def verdict(results: Sequence[RuleResult], notes: Iterable[str] = ()) -> RunFinished:
    """Nonconformant if a rule failed, or passed although it was expected to fail.

    A run in which every rule was skipped has judged nothing, and is no verdict.
    """
    statuses = {result.status for result in results}
    if statuses == {"skipped"}:
        return RunFinished("error", "every rule was skipped", tuple(notes))
    bad = statuses & {"failed", "xpassed"}
    told = (*notes, *_undeclared(results))
    return RunFinished("nonconformant" if bad else "conformant", notes=told)


def _undeclared(results: Sequence[RuleResult]) -> Iterator[str]:
    """Capabilities that the target may not claim: most rules that need them have failed."""
    # What needs reverse mode does not tell whether there are derivatives at all.
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
