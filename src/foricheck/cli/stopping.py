"""When a run ends early: after some failures, or where all others would follow from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foricheck.judging.events import Event, RuleFinished, RuleResult, RunFinished, RunStarted
from foricheck.judging.verdict import not_judged

__all__ = ["Stopping", "until"]

_RECORDER = "ITER-01"
"""The rule of the index recorder: a loop that breaks it runs other iterations for every body."""

_IN_DEFAULT = ("traced-with-jit", "static-without-jit", "static-plain")
"""The variants in which most other rules are judged."""


@dataclass(frozen=True)
class Stopping:
    """When a run ends early.

    Attributes:
        after: the number of failed rules after which it does; None is no number.
        keep_going: whether it goes on where the iterations that run are wrong.
    """

    after: int | None = None
    keep_going: bool = False

    def reason(self, result: RuleResult, failed: int) -> str:
        """Why a run ends after a result, as the first words of a note, or ``""``.

        Args:
            result: the last one.
            failed: how many rules have failed, this one included.
        """
        if not result.fails:
            return ""
        if self.after is not None and failed >= self.after:
            return (
                "stopped at the first failure" if failed == 1 else f"stopped at {failed} failures"
            )
        if result.id == _RECORDER and not self.keep_going and _is_everywhere(result):
            return (
                f"stopped at {_RECORDER}: other iterations run than should, and nearly all rules "
                "would fail for it; --keep-going judges them"
            )
        return ""


def until(events: Iterator[Event], stopping: Stopping) -> Iterator[Event]:
    """The events up to the result that ends the run."""
    planned: tuple[str, ...] = ()
    judged: set[str] = set()
    failed = 0
    try:
        for event in events:
            yield event
            match event:
                case RunStarted(header):
                    planned = header.rules
                case RuleFinished(result):
                    judged.add(result.id)
                    failed += result.fails
                    if reason := stopping.reason(result, failed):
                        yield from _end(reason, planned, judged)
                        return
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _end(reason: str, planned: tuple[str, ...], judged: set[str]) -> Iterator[Event]:
    missing = not_judged(planned, judged)
    notes = (f"{reason}; {missing}",) if missing else ()
    yield RunFinished("nonconformant", notes=notes)


def _is_everywhere(result: RuleResult) -> bool:
    """Whether the failure shows in a variant in which most other rules are judged."""
    return result.failure is not None and result.failure.variant in _IN_DEFAULT
