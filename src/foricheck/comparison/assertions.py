"""The assertions of the properties: what holds, or a violation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import LoopBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.refusals import ANOTHER_ERROR, Refused, in_full
from foricheck.comparison.trees import difference, differs, show
from foricheck.comparison.violations import Difference, Violation
from foricheck.oracle.bounds import Enclosure

__all__ = [
    "ANY_ERROR",
    "must_be_refused",
    "must_be_within",
    "must_equal",
    "must_equal_each",
    "must_equal_or_refuse",
    "must_equal_together",
    "must_pass_or_refuse",
]

Errors = tuple[type[Exception], ...]
"""The types of error that are a refusal."""

ANY_ERROR: Errors = (Exception,)
"""Any error, as core rules ask; an exit of the interpreter is not one."""

Naming = tuple[str | tuple[str, ...], ...]
"""Texts that a message must contain, whatever their case; of a nested tuple, one is enough."""


def must_equal(cases: Batch, expected: Any, got: Any) -> None:
    """Every lane of ``got`` has the bits of ``expected``.

    Args:
        cases: the batch of N cases.
        expected: an array of shape ``(N, …)``; for a single case, any tree.
        got: likewise.

    Raises:
        Violation: a lane differs.
    """
    if isinstance(cases, LoopBatch | RecurrenceBatch):
        _lanes_must_equal(cases, expected, got)
    else:
        must_equal_together(cases, expected, got)


def must_equal_together(cases: Batch, expected: Any, got: Any) -> None:
    """As `must_equal`, where the cases are one sequence of calls, and so one case.

    Raises:
        Violation: a call differs; its case is the whole sequence.
    """
    if found := difference(expected, got):
        raise Violation(cases, found, values=(expected, got))


def must_equal_each(cases: Batch, expected: Sequence[Any], got: Sequence[Any]) -> None:
    """As `must_equal`, where each case has a tree.

    Raises:
        Violation: some differ.
    """
    found = {n: difference(*pair) for n, pair in enumerate(zip(expected, got, strict=True))}
    lanes = [n for n, one in found.items() if one]
    if lanes and (first := found[lanes[0]]):
        values = (expected[lanes[0]], got[lanes[0]])
        raise Violation(cases.lane(lanes[0]), first, lanes=lanes, values=values)


def must_be_within(cases: Batch, bound: Enclosure, got: Array) -> float:
    """Every component of ``got`` is within the error bound.

    Args:
        cases: the batch of N cases.
        bound: the value and its error bound, of shape ``(N, H)``.
        got: floats of shape ``(N, H)``.

    Returns:
        The test ratio: the largest error divided by its bound.

    Raises:
        Violation: an error exceeds its bound, or is not a number.
    """
    ratio = bound.ratio(got)
    worst: Array = np.max(ratio, axis=1, initial=0.0)
    largest = float(worst.max(initial=0.0))
    lanes = np.flatnonzero(worst > 1)
    if len(lanes):
        found = _too_far(bound, got, ratio, int(lanes[0]))
        raise Violation(cases.lane(int(lanes[0])), found, lanes=lanes, max_ratio=largest)
    return largest


def must_be_refused(
    cases: Batch,
    call: Callable[[], Any],
    *,
    what: str,
    errors: Errors = ANY_ERROR,
    naming: Naming = (),
) -> None:
    """The call raises one of the errors, and its message names what is wrong.

    Any error is a refusal; that it has a certain type is for parity rules to ask. A target may
    declare types of its own, which count as those that are asked for.

    Args:
        cases: the single case.
        call: calls the target.
        what: what is to be refused, as text.
        errors: the types of error that are a refusal.
        naming: texts that the message must contain.

    Raises:
        Violation: it returned, or raised something else.
    """
    wanted = _wanted(errors, what)
    try:
        value = call()
    except Refused as refusal:
        _must_name(cases, refusal, wanted, errors, naming)
    else:
        raise Violation(cases, Difference("", wanted, show(value), "not refused"))


def must_equal_or_refuse(
    case: Batch,
    call: Callable[[], Any],
    expected: Any,
    errors: Errors,
    *,
    naming: Naming = (),
) -> None:
    """The call returns this value, or raises one of the errors.

    Args:
        case: the single case.
        call: calls the target.
        expected: the value.
        errors: the types of error that are a refusal.
        naming: texts that the message must contain.

    Raises:
        Violation: it returned another value, or raised something else.
    """
    wanted = f"or {show(expected)}"
    check = lambda got: must_equal(case, expected, got)  # noqa: E731
    must_pass_or_refuse(case, call, check, wanted, errors, naming=naming)


def must_pass_or_refuse(
    case: Batch,
    call: Callable[[], Any],
    check: Callable[[Any], None],
    wanted: str,
    errors: Errors,
    *,
    naming: Naming = (),
) -> None:
    """What the call returns passes a check, or the call raises one of the errors.

    Args:
        case: the single case.
        call: calls the target.
        check: raises a violation if what it is given is wrong.
        wanted: what passes, as text.
        errors: the types of error that are a refusal.
        naming: texts that the message must contain.

    Raises:
        Violation: it returned another value, or raised something else.
    """
    try:
        got = call()
    except Refused as refusal:
        _must_name(case, refusal, _wanted(errors, wanted), errors, naming)
    else:
        check(got)


def _lanes_must_equal(cases: Batch, expected: Array, got: Array) -> None:
    if got.dtype != expected.dtype or got.shape != expected.shape:
        raise Violation(cases.lane(0), _other_arrays(expected, got))
    wrong = differs(expected, got).reshape(len(expected), -1).any(axis=1)
    lanes = np.flatnonzero(wrong)
    if len(lanes):
        values = expected[lanes[0]], got[lanes[0]]
        found = difference(*values)
        assert found is not None
        raise Violation(cases.lane(int(lanes[0])), found, lanes=lanes, values=values)


def _wanted(errors: Errors, what: str) -> str:
    names = "an error" if errors == ANY_ERROR else " or ".join(each.__name__ for each in errors)
    return f"{names}: {what}"


def _must_name(cases: Batch, refusal: Refused, wanted: str, errors: Errors, naming: Naming) -> None:
    """The refusal is one of the errors, and its message names what is wrong."""
    cause, words = refusal.__cause__, in_full(refusal.__cause__)
    if missing := _unnamed(naming, str(cause)):
        expected = f"a message that names {' and '.join(missing)}"
        raise Violation(cases, Difference("", expected, words, "error message")) from cause
    if not isinstance(cause, errors):
        raise Violation(cases, Difference("", wanted, words, ANOTHER_ERROR)) from cause


def _unnamed(naming: Naming, message: str) -> list[str]:
    """The texts that a message lacks, alternatives joined by ``or``."""
    choices = [(name,) if isinstance(name, str) else name for name in naming]
    lowered = message.lower()
    missing = [names for names in choices if not any(name.lower() in lowered for name in names)]
    return [" or ".join(names) for names in missing]


def _other_arrays(expected: Array, got: Array) -> Difference:
    """How the dtype or the shape of one lane differs."""
    one = f"{expected.dtype.name}{list(expected.shape[1:])}"
    return Difference("", one, f"{got.dtype.name}{list(got.shape[1:])}", "dtype or shape")


def _too_far(bound: Enclosure, got: Array, ratio: Array, lane: int) -> Difference:
    """The worst component of a lane."""
    place = int(np.argmax(ratio[lane]))
    worst = float(ratio[lane, place])
    digits = 17 if got.dtype == np.float64 else 9
    return Difference(
        f"[{place}]",
        f"{bound.value[lane, place]:.{digits}g} ± {bound.error[lane, place]:.2g}",
        f"{got[lane, place]:.{digits}g}",
        "error",
        worst,
    )
