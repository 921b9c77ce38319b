"""A subject: a target, of one kind, called in one way. This is what a property is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Self

import numpy as np

from foricheck.cases import Array, Batch, Call, LoopBatch, RecurrenceBatch, Snippet
from foricheck.compare import difference, differs, show
from foricheck.evidence import Difference, Violation
from foricheck.oracle.bounds import Enclosure
from foricheck.oracle.rounding import FLOAT32, Arithmetic
from foricheck.programs import lowering, snippets
from foricheck.targets.target import Target
from foricheck.ways import Way

__all__ = ["Body", "LoopSubject", "RecurrenceSubject", "Refused", "Subject", "answered"]

Body = Callable[[Any, Any], Any]
"""A loop body: from the index and a carry to a carry."""


_OF_TRACERS = (
    "ConcretizationTypeError",
    "TracerArrayConversionError",
    "TracerBoolConversionError",
    "TracerIntegerConversionError",
)


class Refused(Exception):
    """The target raised an error; ``__cause__`` is that error."""


class Subject(ABC):
    """A target called in one way, with the comparisons that turn a difference into a violation.

    Attributes:
        target: the implementation under test.
        way: how it is called.
        lanes: how many cases go through one call; 1 where each costs a compilation.
        max_ratio: the largest error divided by its bound so far, None before the first.
    """

    kind: str

    def __init__(self, target: Target, way: Way, *, lanes: int) -> None:
        self.target = target
        self.way = way
        self.lanes = lanes
        self.max_ratio: float | None = None
        self._siblings: dict[Way, Self] = {}

    def lanes_for(self, setting: Any) -> int:
        """How many cases of a setting go through one call; fewer where each is large."""
        return self.lanes

    def in_way(self, way: Way) -> Self:
        """The same target called in another way; what is compiled for it is kept."""
        if way not in self._siblings:
            self._siblings[way] = type(self)(self.target, way)  # type: ignore[call-arg]  # lanes
        return self._siblings[way]

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
        naming: tuple[str, ...] = (),
    ) -> None:
        """The call raises one of the errors, and its message names what is wrong.

        Args:
            cases: the single case.
            call: calls the target.
            what: what is to be refused, as text.
            errors: the types of error that are a refusal.
            naming: texts that the message must hold.

        Raises:
            Violation: it returned, or raised something else.
        """
        wanted = f"{' or '.join(error.__name__ for error in errors)}: {what}"
        try:
            value = call()
        except Refused as refusal:
            cause, said = refusal.__cause__, _said(refusal)
            if not isinstance(cause, errors):
                raise Violation(cases, Difference("", wanted, said, "another error")) from cause
            if missing := [name for name in naming if name not in str(cause)]:
                expected = f"a message that names {' and '.join(missing)}"
                raise Violation(cases, Difference("", expected, said, "error message")) from cause
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
            found = Difference("", "a value", _said(refusal), _hint(refusal, self.way))
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


class LoopSubject(Subject):
    """A ``fori_loop`` called in one way."""

    kind = "loop"

    @property
    @abstractmethod
    def xp(self) -> ModuleType:
        """The array namespace that bodies are written in."""

    @property
    def float_dtype(self) -> Any:
        """The dtype of a Python float made into an array here."""
        return self.xp.asarray(0.5).dtype

    @property
    @abstractmethod
    def dtypes(self) -> tuple[str, ...]:
        """The integer dtypes that a bound can have here, ``int32`` first."""

    @abstractmethod
    def run(self, cases: LoopBatch) -> Array:
        """The registers at the end of each case, int32 of shape ``(N, R, W)``.

        Raises:
            Violation: the target raised, or gave something else than registers.
        """

    @abstractmethod
    def run_half_static(self, cases: LoopBatch) -> Array:
        """As `run`, where a bound that all lanes have in common is static, the other traced.

        All lanes have one body, too.
        """

    @abstractmethod
    def run_nested(self, cases: LoopBatch) -> Array:
        """As `run`, where each iteration runs the whole program in a loop from 0 to its index."""

    def run_singly(self, cases: LoopBatch, around: Callable[[Body], Body] | None = None) -> Array:
        """As `run`, one call a case, each with a body of its own, written out over `xp`."""

        def run(case: LoopBatch) -> Array:
            body = lowering.body_of(case.code[0], self.xp)
            return self._run_body(case, around(body) if around else body)[None]

        return self._in_parts(cases.chunks(1), run)

    def run_in_order(self, cases: LoopBatch) -> Array:
        """As `run`, one call after the other; the cases differ in bounds, carry and constants.

        Cases of the same constants share one body object, and all bodies one code object.
        """
        family = lowering.family_of(cases.code[0], self.xp)
        constants = [tuple(map(int, code[:, 4])) for code in cases.code]
        bodies = {those: family(*those) for those in constants}
        calls = zip(range(len(cases)), constants, strict=True)
        return np.stack([self._run_body(cases.lane(n), bodies[those]) for n, those in calls])

    def run_snippet(self, case: Snippet) -> Any:
        """What the loop of a snippet gives.

        Raises:
            Violation: the target raised.
        """
        return self.guarded(case, lambda: self.call_snippet(case))

    def call_snippet(self, case: Snippet) -> Any:
        """As `call`, for a snippet.

        Raises:
            Refused: the target raised.
        """
        made = snippets.parts(case, self.xp)
        return self.call(made.lower, made.upper, made.body, made.init)

    def initial_carry_around(self, case: Snippet) -> tuple[Any, Any]:
        """The initial carry as NumPy arrays, before a call and after it.

        Raises:
            Violation: the target raised.
        """
        made, init = snippets.parts(case, self.xp), snippets.parts(case, np).init
        self.guarded(case, lambda: self.call(made.lower, made.upper, made.body, init))
        return snippets.parts(case, np).init, init

    def nested(self, body: Body) -> Body:
        """A body that runs another in a loop from 0 to its own index."""
        return lambda i, carry: self.function(0, i, body, carry)

    def _run_body(self, case: LoopBatch, body: Body) -> Array:
        """One call; its bounds are Python's integers where they are int32, else NumPy's."""
        bound = int if case.dtype == "int32" else np.dtype(case.dtype).type
        lower, upper = bound(case.lower[0]), bound(case.upper[0])
        init = self.xp.array(case.carry[0])
        got = self.guarded(case, lambda: self.call(lower, upper, body, init))
        return self.registers(case, got, init.shape)

    @abstractmethod
    def call(self, lower: Any, upper: Any, body: Body, init: Any) -> Any:
        """One call, in this way, with any body and carry.

        Args:
            lower: an integer: Python's, NumPy's, or an array of the namespace.
            upper: likewise.
            body: written over `xp`.
            init: a tree of NumPy arrays, made into arrays of the namespace where the way asks.

        Raises:
            Refused: the target raised.
        """

    def registers(self, cases: LoopBatch, got: Any, shape: tuple[int, ...]) -> Array:
        """What came back, as int32 of this shape.

        Raises:
            Violation: it is something else.
        """
        if getattr(got, "dtype", None) == np.int32 and getattr(got, "shape", None) == shape:
            return np.asarray(got)
        expected = f"int32{list(shape[-2:])}"
        raise Violation(cases.lane(0), Difference("", expected, show(got), "dtype or shape"))


class RecurrenceSubject(Subject):
    """A ``fori_loop_recurrence`` called in one way."""

    kind = "recurrence"

    @property
    def arithmetic(self) -> Arithmetic:
        """What is known of the rounding of this machine's float32."""
        return FLOAT32

    @abstractmethod
    def run(self, cases: RecurrenceBatch) -> Array:
        """The final state of each case, float32 of shape ``(N, hidden)``.

        Raises:
            Violation: the target raised, or gave something else.
        """

    @abstractmethod
    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        """One plain call, with arguments as they are.

        Raises:
            Refused: the target raised.
        """

    def run_call(self, case: Call) -> Any:
        """What a call gives.

        Raises:
            Violation: the target raised.
        """
        return self.guarded(case, lambda: self.call_text(case))

    def call_text(self, case: Call) -> Any:
        """As `call`, with arguments written out.

        Raises:
            Refused: the target raised.
        """
        return self.call(*case.values())

    @abstractmethod
    def gradient(self, cases: RecurrenceBatch, cotangent: Array) -> Array:
        """The cotangents of x, float32 of shape ``(N, hidden)``, by reverse mode, T static.

        Raises:
            Violation: the target raised, or gave something else.
        """

    def states(self, cases: RecurrenceBatch, got: Any, count: int) -> Array:
        """What came back, as float32 of shape ``(count, hidden)``.

        Raises:
            Violation: it is something else.
        """
        shape = (count, cases.hidden)
        if getattr(got, "dtype", None) == np.float32 and getattr(got, "shape", None) == shape:
            return np.asarray(got)
        expected = f"float32[{cases.hidden}]"
        raise Violation(cases.lane(0), Difference("", expected, show(got), "dtype or shape"))


def answered(call: Callable[[], Any]) -> Any:
    """What a call of the target returns.

    Raises:
        Refused: it raised.
    """
    try:
        return call()
    except (Exception, SystemExit, GeneratorExit) as error:  # what it has to say
        raise Refused from error


def _said(refusal: Refused) -> str:
    """The error that the target raised, in one line."""
    error = refusal.__cause__
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # even this is the target's own code
        lines = []
    return f"{type(error).__name__}: {lines[0] if lines else '(no message)'}"


def _hint(refusal: Refused, way: Way) -> str:
    """Why a raised error may not be a bug: the target cannot be traced, and may say so."""
    if way.bounds == "traced" and type(refusal.__cause__).__name__ in _OF_TRACERS:
        return "raised (a target that does not claim to be traced: --without traced)"
    return "raised"


def _not_alike(expected: Array, got: Array) -> Difference:
    """How one lane's dtype or shape differs."""
    one = f"{expected.dtype.name}{list(expected.shape[1:])}"
    return Difference("", one, f"{got.dtype.name}{list(got.shape[1:])}", "dtype or shape")


def _too_far(bound: Enclosure, got: Array, ratio: Array, lane: int) -> Difference:
    """The worst component of a lane."""
    place = int(np.argmax(ratio[lane]))
    worst = float(ratio[lane, place])
    return Difference(
        f"[{place}]",
        f"{bound.value[lane, place]:.9g} ± {bound.error[lane, place]:.2g}",
        f"{got[lane, place]:.9g}",
        "error",
        worst,
    )
