"""A ``fori_loop`` called in one way: what the rules of loops are given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from foricheck.cases.arrays import DTYPES
from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.comparison.refusals import Refused
from foricheck.comparison.trees import difference, show
from foricheck.comparison.violations import Difference, Violation
from foricheck.programs import lowering, snippets
from foricheck.targets.subject import Subject

__all__ = ["Body", "LoopSubject", "permuting"]

_WIDE = ("int64", "uint64", "float64", "complex128")

Body = Callable[[Any, Any], Any]
"""A loop body: from the index and a carry to a carry."""


def permuting(permutation: Sequence[int]) -> Body:
    """The body that makes leaf ``j`` of a tuple what leaf ``permutation[j]`` was."""
    return lambda _, leaves: tuple(leaves[place] for place in permutation)


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
    def accepts_traced_bounds(self) -> bool:
        """Whether a bound may be traced, such as the index of a loop around, or an argument."""
        return "traced" in self.target.capabilities

    @property
    def has_reverse_mode(self) -> bool:
        """Whether the loop, called in this way, may be differentiated in reverse mode."""
        return self.variant.bounds == "static" and "reverse" in self.target.capabilities

    @property
    def max_trips(self) -> int:
        """The longest loop that ends soon enough here, in trips.

        A loop in Python over JAX arrays is slow; a compiled one of 2**24 trips is not.
        """
        if self.target.namespace == "jax" and "jit" not in self.target.capabilities:
            return 2**9
        return 2**25 if self.variant.bounds == "traced" else 2**17

    @property
    @abstractmethod
    def dtypes(self) -> tuple[str, ...]:
        """The integer dtypes that a bound can have here, ``int32`` first."""

    @property
    def leaf_dtypes(self) -> tuple[str, ...]:
        """The dtypes that a leaf can have here; those of 64 bits if a bound can have them."""
        has_wide = "int64" in self.dtypes
        return tuple(dtype for dtype in DTYPES if has_wide or dtype not in _WIDE)

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

    def run_permuted(self, case: PermutedBatch) -> Any:
        """The leaves at the end of a loop whose body only moves them: a tuple of arrays.

        Raises:
            Violation: the target raised.
        """
        return self.guarded(case, lambda: self.call_permuted(case))

    def call_permuted(self, case: PermutedBatch) -> Any:
        """As `call`, for a body that permutes.

        Raises:
            Refused: the target raised.
        """
        bound = int if case.dtype == "int32" else np.dtype(case.dtype).type
        leaves = tuple(map(self.xp.array, case.leaves))
        return self.call(bound(case.lower), bound(case.upper), permuting(case.permutation), leaves)

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

    def run_expression(self, case: Expression) -> Any:
        """What an expression gives.

        Raises:
            Violation: the target raised.
        """
        return self.guarded(case, lambda: self.call_expression(case))

    @abstractmethod
    def call_expression(self, case: Expression) -> Any:
        """As `call`, for an expression, evaluated in this way.

        Raises:
            Refused: the target raised.
        """

    def run_structured(self, cases: StructuredBatch) -> list[Any]:
        """What the loop of each program gives, all of them in one call.

        Raises:
            Violation: the target raised.
        """
        if len(cases) == 1:
            made: list[Any] = self.guarded(cases, lambda: self.call_structured(cases))
            return made
        try:
            return self.call_structured(cases)
        except Refused:  # one after the other, to tell which
            return [self._structured_lane(cases, lane) for lane in range(len(cases))]

    @abstractmethod
    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """As `call`, for several programs in one call.

        Raises:
            Refused: the target raised.
        """

    def must_equal_each(self, cases: Batch, expected: Sequence[Any], got: Sequence[Any]) -> None:
        """As `must_equal`, where a case has any tree.

        Raises:
            Violation: some differ.
        """
        found = {n: difference(*pair) for n, pair in enumerate(zip(expected, got, strict=True))}
        lanes = [n for n, one in found.items() if one]
        if lanes and (first := found[lanes[0]]):
            raise Violation(cases.lane(lanes[0]), first, lanes=lanes)

    def must_equal_or_refuse(
        self,
        case: Expression,
        expected: Any,
        errors: tuple[type[Exception], ...],
        *,
        naming: tuple[str | tuple[str, ...], ...] = (),
    ) -> None:
        """The expression has this value, or the target raises one of the errors.

        Args:
            case: the expression.
            expected: its value.
            errors: the types of error that are a refusal.
            naming: as in `must_be_refused`.

        Raises:
            Violation: it has another value, or the target raised something else.
        """
        try:
            got = self.call_expression(case)
        except Refused:
            self.must_be_refused(
                case,
                lambda: self.call_expression(case),
                what=f"or {show(expected)}",
                errors=errors,
                naming=naming,
            )
        else:
            self.must_equal(case, expected, got)

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

    def _structured_lane(self, cases: StructuredBatch, lane: int) -> Any:
        try:
            return self.run_structured(cases.lane(lane))[0]
        except Violation as violation:
            violation.lanes = [lane]
            raise

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
