"""Cases of a loop as data, changed: which other case gives what this one gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from foricheck.cases.batch import Batch
from foricheck.cases.loop_case import Around, Bounds, LoopCase
from foricheck.comparison.violations import Undecided, Violation
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["as_another", "holds", "needed", "redirected"]


def holds(rule: Rule, subject: Subject | _Redirected, case: Batch) -> bool:
    """Whether the rule holds on a case; not where the target cannot be given it."""
    try:
        rule.prop(subject, case)
    except (Violation, Undecided, ValueError, TypeError):  # not every change makes a sound case
        return False
    return True


def as_another(rule: Rule, subject: Subject, case: LoopCase) -> list[str]:
    """The words of each other case of which this one gives the result."""
    changed = {words: each for words, each in _others(case) if each != case}
    return [
        words for words, each in changed.items() if holds(rule, _Redirected(subject, case), each)
    ]


def needed(rule: Rule, subject: Subject, case: LoopCase) -> list[str]:
    """The parts of a case without any one of which the rule holds."""
    return [words for words, each in _without(case) if holds(rule, subject, each)]


def redirected(subject: Subject, case: Batch) -> _Redirected:
    """A subject that gives what it gives for one case, whatever it is asked about."""
    return _Redirected(subject, case)


class _Redirected:
    """A subject that gives what it gives for one case, whatever it is asked about."""

    def __init__(self, subject: Subject, case: Batch) -> None:
        self._subject, self._case = subject, case

    def run_case(self, _: Any) -> Any:
        """What the case gives."""
        return self._subject.run_case(self._case)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subject, name)


def _others(case: LoopCase) -> Iterator[tuple[str, LoopCase]]:
    """Cases that a wrong loop may take this one for."""
    trips = case.bounds.trips
    if len(trips) == 1:
        yield from _of_trips(case, trips[0])
    yield from _of_lanes(case)


def _of_trips(case: LoopCase, trips: int) -> Iterator[tuple[str, LoopCase]]:
    if case.bounds.given == "traced lower":
        return
    yield "The last iteration does not run", _with_trips(case, trips - 1)
    yield "One iteration too many runs", _with_trips(case, trips + 1)
    yield "No iteration runs", _with_trips(case, 0)
    yield "The iterations run twice", _with_trips(case, 2 * trips)
    later = replace(case.bounds, lower=case.bounds.lower + 1, trips=(trips - 1,))
    yield "The first iteration does not run", replace(case, bounds=later)
    unroll = case.unroll
    if isinstance(unroll, int) and not isinstance(unroll, bool) and unroll > 1 and trips > 0:
        yield (
            f"The remainder of the unrolling by {unroll} does not run",
            _with_trips(case, trips // unroll * unroll),
        )
        yield (
            f"The last block of the unrolling by {unroll} runs in full, past upper",
            _with_trips(case, -(-trips // unroll) * unroll),
        )


def _of_lanes(case: LoopCase) -> Iterator[tuple[str, LoopCase]]:
    """Cases in which one lane's bounds serve all lanes."""
    for place, around in enumerate(case.around):
        if not {"lower", "upper"} & set(around.over) or len(set(around.lanes)) < 2:
            continue
        for words, lane in (
            ("Every lane runs as many iterations as the longest", max(around.lanes)),
            ("Every lane stops with the shortest", min(around.lanes)),
            ("The bounds of the first lane are used for all lanes", around.lanes[0]),
            ("The bounds of the last lane are used for all lanes", around.lanes[-1]),
        ):
            same = replace(around, lanes=(lane,) * len(around.lanes))
            yield words, _with_around(case, place, same)


def _without(case: LoopCase) -> Iterator[tuple[str, LoopCase]]:
    """The case without one of its parts, and that part in words."""
    if case.unroll not in ("absent", None):
        yield f"unroll={case.unroll}", replace(case, unroll="absent")
    if case.style != "positional":
        yield "keyword arguments", replace(case, style="positional")
    if case.history != "once":
        yield f"calls before it ({case.history})", replace(case, history="once")
    for place, around in enumerate(case.around):
        yield from _unmapped(case, place, around)
    if case.bounds.traced and not _mapped(case):
        yield "traced bounds", replace(case, bounds=replace(case.bounds, given="python"))
    elif case.bounds.given not in ("python", *_TRACED):
        words = f"bounds given as {case.bounds.given}"
        yield words, replace(case, bounds=replace(case.bounds, given="python"))
    if case.bounds.dtype != "int32" and not case.bounds.traced:
        words = f"bounds of {case.bounds.dtype}"
        yield words, replace(case, bounds=Bounds(trips=case.bounds.trips))
    if case.carry.shared:
        yield "leaves that are one object", replace(case, carry=replace(case.carry, shared=False))
    if case.body.form != "lambda":
        words = f"a body that is a {case.body.form}"
        yield words, replace(case, body=replace(case.body, form="lambda"))


_TRACED = ("traced", "traced upper", "traced lower")


def _unmapped(case: LoopCase, place: int, around: Around) -> Iterator[tuple[str, LoopCase]]:
    if {"lower", "upper"} & set(around.over) or around.name == "jit":
        return
    over = f" over {' and '.join(around.over)}" if around.over else ""
    rest = case.around[:place] + case.around[place + 1 :]
    yield f"{around.name}{over}", replace(case, around=rest)


def _mapped(case: LoopCase) -> bool:
    return any({"lower", "upper"} & set(around.over) for around in case.around)


def _with_trips(case: LoopCase, trips: int) -> LoopCase:
    return replace(case, bounds=replace(case.bounds, trips=(trips,)))


def _with_around(case: LoopCase, place: int, around: Around) -> LoopCase:
    parts: Sequence[Around] = (*case.around[:place], around, *case.around[place + 1 :])
    return replace(case, around=tuple(parts))
