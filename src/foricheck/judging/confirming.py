"""Confirming a failure in a fresh process, before it is reported.

The case runs alone, with its body written out, as the script of the report runs it. If it holds
there, what was found may be the fault of the way in which many cases are judged at once, and the
rule is judged again without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided, Violation
from foricheck.evidence.failure import Failure
from foricheck.judging.checking import check
from foricheck.judging.diagnosing import diagnosed
from foricheck.judging.events import Emit, RuleResult
from foricheck.judging.judge import judge
from foricheck.judging.plan import Plan
from foricheck.judging.repeating import NOT_TWICE, TOGETHER
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import Task, task_of
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["AFTER_OTHERS", "confirmable", "confirmed"]

AFTER_OTHERS = "only after other calls"
"""The kind of difference of a case that breaks the rule only in a process that made other calls."""

_MOST_CASES = 64
"""How many cases are judged one by one, with each body written out."""

_AGAIN = 2
"""How often a case is called again that holds the first time."""


def confirmable(result: RuleResult) -> bool:
    """Whether a result is a failure of a case that can be run again."""
    failure = result.failure
    return result.status == "failed" and failure is not None and failure.why != "lost"


def confirmed(plan: Plan, rule: Rule, result: RuleResult, emit: Emit) -> RuleResult:
    """The result of a rule that has failed, after its case was run alone.

    Args:
        plan: as the rule was judged.
        rule: the rule.
        result: what was found, in another process.
        emit: receives progress, where the rule is judged again.
    """
    assert result.failure is not None
    confirming = _Confirming(plan, rule, result, result.failure, emit)
    try:
        return confirming.result()
    except Undecided:  # the case can no longer be given: what was found stands
        return result


class _Confirming:
    """One failure, and the target in a fresh process."""

    def __init__(
        self, plan: Plan, rule: Rule, result: RuleResult, failure: Failure, emit: Emit
    ) -> None:
        self._plan, self._rule, self._emit = plan, rule, emit
        self._found, self._failure = result, failure
        self._variant = Variant.named(failure.variant)
        self._case = batch_from_json(failure.data)

    def result(self) -> RuleResult:
        alone = Subjects(self._plan.target, written_out=True).one(self._rule.kind, self._variant)
        if any(self._breaks(alone, case) for case in self._alone()):
            return self._found
        if any(self._breaks(alone, case) for _ in range(_AGAIN) for case in self._alone()):
            return self._failed(f"{AFTER_OTHERS}: the first call gives the expected value")
        together = Subjects(self._plan.target).one(self._rule.kind, self._variant)
        if self._breaks(together, self._case):
            return self._written_out(alone)
        again = judge(self._task(together))
        if again.violation is None:
            return self._not_again(again.cases)
        if together.lanes > 1 and len(again.violation.case) > 1:
            return self._written_out(alone)
        if self._has_raised:
            return self._not_judged()
        return self._failed(
            f"{AFTER_OTHERS}: alone, in a fresh process, it gives the expected value; the calls "
            "before it are the other cases of the rule"
        )

    @property
    def _has_raised(self) -> bool:
        return self._failure.why.startswith("raised")

    def _alone(self) -> Iterator[Batch]:
        """The case; each of its cases by itself, if it was a batch."""
        if TOGETHER in self._failure.why:
            yield from self._case.chunks(1)
        else:
            yield self._case

    def _breaks(self, subject: Subject, case: Batch) -> Violation | None:
        """How a case breaks the rule.

        Raises:
            Undecided: the target can no longer be given it.
        """
        seen = check(self._rule, subject, case)
        if seen.left_out and not seen.violation:
            raise Undecided(seen.left_out[0])
        return seen.violation

    def _task(self, subject: Subject) -> Task:
        return task_of(self._plan, self._rule, subject, emit=self._emit)

    def _failed(self, why: str) -> RuleResult:
        return replace(self._found, failure=replace(self._failure, why=why, diagnosis=""))

    def _not_again(self, cases: int) -> RuleResult:
        """The result where the rule holds in a fresh process."""
        if self._has_raised:  # as a compiler does that has had too many programs
            return replace(
                self._found,
                status="passed",
                cases=max(cases, self._found.cases),
                failure=None,
                reason=f"in a process that had judged other rules, {self._got}; "
                "judged again in a process of its own",
            )
        got = f"{self._failure.got}; the same call in another process: the expected value"
        why = NOT_TWICE
        return replace(self._found, failure=replace(self._failure, got=got, why=why, diagnosis=""))

    def _not_judged(self) -> RuleResult:
        """The result where a target raises only after other calls, as one with a limit does."""
        return replace(
            self._found,
            status="skipped",
            failure=None,
            reason=f"not judged: after other calls in one process, {self._got}; alone, "
            "in a fresh process, the call gives the expected value",
        )

    def _written_out(self, alone: Subject) -> RuleResult:
        """The result with each body written out, where only an interpreted or batched one fails."""
        task = replace(self._task(alone), isolate_cases=True, most_cases=_MOST_CASES)
        again = judge(task)
        if again.violation is not None:
            failure = diagnosed(self._plan, self._rule, alone, again.violation)
            return replace(self._found, failure=failure, cases=again.cases)
        how = "in a batch whose bodies are data" if self._rule.kind == "loop" else "in a batch"
        return replace(
            self._found,
            status="passed",
            failure=None,
            cases=again.cases,
            max_ratio=again.max_ratio,
            digest=again.digest.hex()[:16],
            reason=f"judged one by one, as {how} {self._difference}",
        )

    @property
    def _difference(self) -> str:
        return f"it {'raised' if self._has_raised else 'gave'} {self._got}"

    @property
    def _got(self) -> str:
        return self._failure.got.partition("\n")[0]
