"""The verdict that the results of the rules amount to."""

from __future__ import annotations

from collections.abc import Iterable

from foricheck.events import RuleResult, RunFinished

__all__ = ["verdict"]


def verdict(results: Iterable[RuleResult], notes: Iterable[str] = ()) -> RunFinished:
    """Nonconformant if a rule failed, or passed although it was expected to fail."""
    bad = any(result.status in ("failed", "xpassed") for result in results)
    return RunFinished("nonconformant" if bad else "conformant", notes=tuple(notes))
