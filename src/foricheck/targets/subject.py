"""A subject: a target, of one kind, called in one way. This is what a property is given."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import LoopBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import Refused, hint, said
from foricheck.comparison.trees import difference, differs, show
from foricheck.comparison.violations import Difference, Violation
from foricheck.oracle.bounds import Enclosure
from foricheck.targets.target import Target

__all__ = ["Subject"]


class Subject(ABC):
    """A target called in one way, with the comparisons that turn a difference into a violation.

    Attributes:
        target: the implementation under test.
        variant: how it is called.
        lanes: how many cases go through one call; 1 where each costs a compilation.
        max_ratio: the largest error divided by its bound so far, None before the first.
        left_out: why, of each case that could not be put to the target.
    """

    kind: str

    def __init__(self, target: Target, variant: Variant, *, lanes: int) -> None:
        self.target = target
        self.variant = variant
        self.lanes = lanes
        self.max_ratio: float | None = None
        self.left_out: list[str] = []
        self._siblings: dict[Variant, Self] = {}

    @property
    def capabilities(self) -> frozenset[str]:
        """What the target says it can do."""
        return self.target.capabilities

    def lanes_for(self, setting: Any) -> int:
        """How many cases of a setting go through one call; fewer where each is large."""
        return self.lanes

    def takes(self, cases: Batch) -> bool:
        """Whether the cases are of the precision that the target is called in."""
        return True

    def in_variant(self, variant: Variant) -> Self:
        """The same target called in another way; what is compiled for it is kept."""
        if variant not in self._siblings:
            self._siblings[variant] = type(self)(self.target, variant)  # type: ignore[call-arg]  # lanes
        return self._siblings[variant]

    @property
    def control(self) -> Subject | None:
        """A right one over the same arrays, where these may not be able to express every case.

        A case that it fails too is left out.
        """
        return None

    @property
    def function(self) -> Callable[..., Any]:
        """The callable under test."""
        return self.target.callables[self.kind]

    def must_equal(self, cases: Batch, expected: Any, got: Any) -> None:
        """Every lane of ``got`` has the bits of ``expected``.

        Args:
            cases: the batch of N cases.
            expected: an array of shape ``(N, …)``; for a single case, any tree.
            got: likewise.

        Raises:
            Violation: a lane differs.
        """
        if isinstance(cases, LoopBatch | RecurrenceBatch):
            self._lanes_must_equal(cases, expected, got)
        elif found := difference(expected, got):
            raise Violation(cases, found)

    def must_equal_together(self, cases: Batch, expected: Array, got: Array) -> None:
        """As `must_equal`, where the cases are one sequence of calls and one case.

        Raises:
            Violation: a call differs; its case is the whole sequence.
        """
        if found := difference(expected, got):
            raise Violation(cases, found)

    def must_be_within(self, cases: Batch, bound: Enclosure, got: Array) -> None:
        """Every component of ``got`` is within the error bound; the largest ratio is kept.

        Args:
            cases: the batch of N cases.
            bound: the value and its error bound, of shape ``(N, H)``.
            got: floats of shape ``(N, H)``.

        Raises:
            Violation: an error exceeds its bound, or is not a number.
        """
        ratio = bound.ratio(got)
        worst: Array = np.max(ratio, axis=1, initial=0.0)
        self.max_ratio = max(self.max_ratio or 0.0, float(worst.max(initial=0.0)))
        lanes = np.flatnonzero(worst > 1)
        if len(lanes):
            found = _too_far(bound, got, ratio, int(lanes[0]))
            raise Violation(cases.lane(int(lanes[0])), found, lanes=lanes)

    def must_be_refused(
        self,
        cases: Batch,
        call: Callable[[], Any],
        *,
        what: str,
        errors: tuple[type[Exception], ...] = (TypeError, ValueError),
        naming: tuple[str | tuple[str, ...], ...] = (),
    ) -> None:
        """The call raises one of the errors, and its message names what is wrong.

        Args:
            cases: the single case.
            call: calls the target.
            what: what is to be refused, as text.
            errors: the types of error that are a refusal.
            naming: texts that the message must hold, in small or capital letters; of those that
                stand in a tuple of their own, one is enough.

        Raises:
            Violation: it returned, or raised something else.
        """
        wanted = f"{' or '.join(error.__name__ for error in errors)}: {what}"
        try:
            value = call()
        except Refused as refusal:
            cause, words = refusal.__cause__, said(refusal)
            if not isinstance(cause, errors):
                raise Violation(cases, Difference("", wanted, words, "another error")) from cause
            if missing := _unnamed(naming, str(cause)):
                expected = f"a message that names {' and '.join(missing)}"
                raise Violation(cases, Difference("", expected, words, "error message")) from cause
        else:
            raise Violation(cases, Difference("", wanted, show(value), "not refused"))

    def guarded(self, cases: Batch, call: Callable[[], Any]) -> Any:
        """What the call returns, where the target must not raise.

        Raises:
            Violation: it raised.
        """
        try:
            return call()
        except Refused as refusal:
            found = Difference("", "a value", said(refusal), hint(refusal, self.variant))
            raise Violation(cases.lane(0), found) from refusal.__cause__

    def _in_parts(self, parts: Sequence[Batch], run: Callable[[Any], Array]) -> Array:
        """The results of parts of a batch, side by side.

        Raises:
            Violation: a part's own, with its lanes counted in the whole batch.
        """
        results, before = [], 0
        for part in parts:
            try:
                results.append(run(part))
            except Violation as violation:
                violation.lanes = [before + lane for lane in violation.lanes]
                raise
            before += len(part)
        return np.concatenate(results)

    def _lanes_must_equal(self, cases: Batch, expected: Array, got: Array) -> None:
        if got.dtype != expected.dtype or got.shape != expected.shape:
            raise Violation(cases.lane(0), _not_alike(expected, got))
        wrong = differs(expected, got).reshape(len(expected), -1).any(axis=1)
        lanes = np.flatnonzero(wrong)
        if len(lanes):
            found = difference(expected[lanes[0]], got[lanes[0]])
            assert found is not None
            raise Violation(cases.lane(int(lanes[0])), found, lanes=lanes)


def _unnamed(naming: tuple[str | tuple[str, ...], ...], message: str) -> list[str]:
    """The texts of which a message holds none, alternatives joined by ``or``."""
    choices = [(name,) if isinstance(name, str) else name for name in naming]
    said = message.lower()
    missing = [names for names in choices if not any(name.lower() in said for name in names)]
    return [" or ".join(names) for names in missing]


def _not_alike(expected: Array, got: Array) -> Difference:
    """How one lane's dtype or shape differs."""
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
