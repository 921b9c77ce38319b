"""The verdict of a run, from the results of its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from foricheck.judging.events import RuleResult, RunFinished
from foricheck.rules.chapters import chapter
from foricheck.rules.registry import all_rules

__all__ = ["not_judged", "verdict"]


_DECLARED = ("forward", "reverse", "unroll", "vmap", "refuse", "grad")
"""Capabilities that a correct target often lacks, the finer ones before those that they are of."""

_FINER = {"grad": {"forward", "reverse"}}
"""The capabilities that say more exactly what one of them says."""

_FEW = 3
"""With fewer failures, no capability is suspected."""


def verdict(results: Sequence[RuleResult], notes: Iterable[str] = ()) -> RunFinished:
    """Nonconformant if a rule failed, or passed although it was expected to fail.

    If every rule was skipped, nothing was judged, and the verdict is an error; likewise if no rule
    failed but some were not answered in time: a target that hangs must not pass.
    """
    bad = any(result.fails for result in results)
    if not bad and (unanswered := _unanswered(results)):
        return RunFinished("error", unanswered, tuple(notes))
    if {result.status for result in results} == {"skipped"}:
        return RunFinished("error", f"every rule was skipped: {results[0].reason}", tuple(notes))
    every_note = (*notes, *_undeclared(results))
    return RunFinished("nonconformant" if bad else "conformant", notes=every_note)


def not_judged(planned: Sequence[str], judged: Collection[str]) -> str:
    """How many of the planned rules were not judged, and which; ``""`` if none.

    A chapter of which no rule was judged is named instead of its rules.
    """
    missing = [rule for rule in planned if rule not in judged]
    begun = {chapter(rule) for rule in planned if rule in judged}
    whole = dict.fromkeys(chapter(rule) for rule in missing if chapter(rule) not in begun)
    runs = groupby(planned, lambda rule: (chapter(rule), rule in judged))
    parts = [_run(list(run)) for (name, done), run in runs if not done and name not in whole]
    return f"rules not judged: {len(missing)} ({', '.join([*whole, *parts])})" if missing else ""


def _run(rules: Sequence[str]) -> str:
    """Rules that follow each other."""
    return f"{rules[0]} to {rules[-1]}" if len(rules) > 2 else ", ".join(rules)


def _unanswered(results: Sequence[RuleResult]) -> str:
    """The rules that were not answered in time, with the reason of the first; or ``""``."""
    missing = [result for result in results if result.inconclusive]
    if not missing:
        return ""
    return f"not judged: {', '.join(result.id for result in missing)} ({missing[0].reason})"


def _undeclared(results: Sequence[RuleResult]) -> Iterator[str]:
    """Note each capability that the target seems to lack: most rules that need it failed.

    A rule that needs a finer capability says nothing about the coarser one, and a failure is
    explained by one of them only, so that no more is given up than the target lacks.
    """
    needs = {rule.id: _finest(rule.needs) for rule in all_rules()}
    explained = set[str]()
    for capability in _DECLARED:
        judged = [result for result in results if capability in needs.get(result.id, ())]
        failed = [result.id for result in judged if result.status == "failed"]
        failed = [id for id in failed if id not in explained]
        if len(failed) >= _FEW and 2 * len(failed) >= len(judged):
            explained.update(failed)
            yield (
                f"{len(failed)} of the failed rules need {capability!r}: a target that does not "
                f"claim it is run with --without {capability}"
            )


def _finest(needs: frozenset[str]) -> frozenset[str]:
    coarser = {one for one, finer in _FINER.items() if needs & finer}
    return needs - coarser
