"""The order in which workers judge rules, and how many workers that takes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain

from foricheck.rules.chapters import chapter

__all__ = ["Schedule", "worker_count"]

_MAX_WORKERS = 4
_RULES_PER_WORKER = 8
"""For fewer rules, another worker takes longer to start than it saves."""


class Schedule:
    """The rules that no worker has been assigned yet.

    Args:
        rules: their ids, in the order of the specification.
    """

    def __init__(self, rules: Iterable[str] = ()) -> None:
        self._pending = list(rules)

    def __len__(self) -> int:
        return len(self._pending)

    def take(self, *, after: str | None, elsewhere: Iterable[str]) -> str | None:
        """Remove the next rule for a worker and return it; None if no rule is pending.

        Prefer the worker's chapter, whose programs it has compiled, then an unclaimed one, then
        the last pending rule, which is farthest from where the other workers continue.

        Args:
            after: the rule that the worker judged last.
            elsewhere: the rules that all workers are assigned.
        """
        mine = chapter(after) if after else ""
        claimed = {chapter(rule) for rule in elsewhere}
        own = (rule for rule in self._pending if chapter(rule) == mine)
        unclaimed = (rule for rule in self._pending if chapter(rule) not in claimed)
        rule = next(chain(own, unclaimed, reversed(self._pending)), None)
        if rule is not None:
            self._pending.remove(rule)
        return rule


def worker_count(jobs: int | None, *, rules: int, device: str) -> int:
    """How many workers judge: several on a CPU; one on an accelerator, whose memory it needs.

    Args:
        jobs: the number requested, if any.
        rules: how many rules to judge.
        device: the device on which the target runs, as text.
    """
    if jobs is not None:
        return min(jobs, rules)
    if "cpu" not in device.lower():
        return 1
    return max(1, min(os.cpu_count() or 1, _MAX_WORKERS, rules // _RULES_PER_WORKER))
