"""A ``fori_loop`` called in one variant: the subject of the rules of loops."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from foricheck.cases.arrays import DTYPES
from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.comparison.refusals import Refused
from foricheck.comparison.trees import array_of, show, show_first_lane
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.programs import lowering, snippets
from foricheck.targets.subject import Subject

__all__ = ["Body", "LoopSubject", "permuting"]

_WIDE = ("int64", "uint64", "float64", "complex128")

Body = Callable[[Any, Any], Any]
"""A loop body: from the index and a carry to a carry."""


def permuting(permutation: Sequence[int]) -> Body:
    """The body that replaces leaf ``j`` of a tuple with leaf ``permutation[j]``."""
    return lambda _, leaves: tuple(leaves[place] for place in permutation)


class LoopSubject(Subject):
    """A ``fori_loop`` called in one variant."""

    kind = "loop"

    @property
    @abstractmethod
    def xp(self) -> ModuleType:
        """The array namespace that bodies are written in."""

    @property
    @abstractmethod
    def dtypes(self) -> tuple[str, ...]:
        """The integer dtypes that a bound can have, ``int32`` first."""

    @property
    def leaf_dtypes(self) -> tuple[str, ...]:
        """The dtypes that a leaf can have: 64-bit ones only if a bound can be 64-bit."""
        has_wide = "int64" in self.dtypes
        return tuple(dtype for dtype in DTYPES if has_wide or dtype not in _WIDE)

    @property
    def float_dtype(self) -> Any:
        """The dtype of an array made from a Python float."""
        return self.xp.asarray(0.5).dtype

    @property
    def accepts_traced_bounds(self) -> bool:
        """Whether a bound may be traced, such as the index of an enclosing loop."""
        return "traced" in self.capabilities

    @property
    def max_trips(self) -> int:
        """The largest trip count that finishes in acceptable time.

        A loop in Python over JAX arrays is slow; a compiled one of 2**24 trips is not.
        """
        if self.target.namespace == "jax" and "jit" not in self.capabilities:
            return 2**9
        return 2**25 if self.variant.bounds == "traced" else 2**17

    @abstractmethod
    def call(self, lower: Any, upper: Any, body: Body, init: Any) -> Any:
        """One call in this variant, with any body and carry.

        Args:
            lower: an integer: Python's, NumPy's, or an array of the namespace.
            upper: likewise.
            body: written over `xp`.
            init: a tree of NumPy arrays, converted to the namespace where the variant asks for it.

        Raises:
            Refused: the target raised.
        """

    @abstractmethod
    def run(self, cases: LoopBatch) -> Array:
        """The registers after each case, int32 of shape ``(N, R, W)``.

        Raises:
            Violation: the target raised, or returned anything but registers.
        """

    @abstractmethod
    def run_half_static(self, cases: LoopBatch) -> Array:
        """As `run`, where the bound that all lanes share is static and the other is traced.

        All lanes share one body, too.
        """

    @abstractmethod
    def run_nested(self, cases: LoopBatch) -> Array:
        """As `run`, where each iteration runs the whole program in a loop from 0 to its index."""

    def run_singly(self, cases: LoopBatch, around: Callable[[Body], Body] | None = None) -> Array:
        """As `run`, one call per case, each with its own body, lowered to `xp`."""

        def run(case: LoopBatch) -> Array:
            body = lowering.body_of(case.code[0], self.xp)
            return self._run_body(case, around(body) if around else body)[None]

        return self._in_parts(cases.chunks(1), run)

    def run_in_order(self, cases: LoopBatch) -> Array:
        """As `run`, one call after the other; the cases differ in bounds, carry and constants.

        Cases with the same constants share one body object, and all bodies one code object.
        """
        family = lowering.family_of(cases.code[0], self.xp)
        constants = [tuple(map(int, code[:, 4])) for code in cases.code]
        bodies = {those: family(*those) for those in constants}
        calls = zip(range(len(cases)), constants, strict=True)
        return np.stack([self._run_body(cases.lane(n), bodies[those]) for n, those in calls])

    def run_case(self, case: Any) -> Any:
        """See `Subject.run_case`; if several programs are refused together, each runs alone."""
        if len(case) == 1:
            return super().run_case(case)
        try:
            return self.call_case(case)
        except Refused:
            return [self._run_lane(case, lane) for lane in range(len(case))]

    def call_case(self, case: Any) -> Any:
        """See `Subject.call_case`."""
        match case:
            case Snippet():
                return self.call_snippet(case)
            case Expression():
                return self.call_expression(case)
            case PermutedBatch():
                return self.call_permuted(case)
            case StructuredBatch():
                return self.call_structured(case)
            case _:
                raise TypeError(f"no call of a loop for a {type(case).__name__}")

    def call_snippet(self, case: Snippet) -> Any:
        """As `call`, for a snippet."""
        made = snippets.parts(case, self.xp)
        return self.call(made.lower, made.upper, made.body, made.init)

    def call_permuted(self, case: PermutedBatch) -> Any:
        """As `call`, for a body that permutes the leaves: a tuple of arrays."""
        bound = int if case.dtype == "int32" else np.dtype(case.dtype).type
        leaves = tuple(map(self.xp.array, case.leaves))
        return self.call(bound(case.lower), bound(case.upper), permuting(case.permutation), leaves)

    @abstractmethod
    def call_expression(self, case: Expression) -> Any:
        """As `call`, for an expression."""

    @abstractmethod
    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """As `call`, for several programs in one call: a carry for each."""

    def programs(self, case: LoopCase) -> list[Any]:
        """The programs of a case, one for each trip count, as ``jax.jit(…).trace`` gives them.

        Raises:
            Undecided: the target has none.
            Violation: the target raised.
        """
        raise Undecided("it has no programs of JAX")

    def initial_carry_around(self, case: Snippet) -> tuple[Any, Any]:
        """The initial carry as NumPy arrays, before a call and after it.

        Raises:
            Violation: the target raised.
        """
        made, init = snippets.parts(case, self.xp), snippets.parts(case, np).init
        self.guarded(case, lambda: self.call(made.lower, made.upper, made.body, init))
        return snippets.parts(case, np).init, init

    def nested(self, body: Body) -> Body:
        """A body that runs another in a loop from 0 to its index."""
        return lambda i, carry: self.function(0, i, body, carry)

    def registers(self, cases: LoopBatch, got: Any, shape: tuple[int, ...]) -> Array:
        """The result of a call, as int32 of this shape.

        Raises:
            Violation: it is something else.
        """
        if (array := array_of(got, np.dtype(np.int32), shape)) is not None:
            return array
        shown = show_first_lane(got, shape[0]) if len(shape) > 2 else show(got)
        expected = f"int32{list(shape[-2:])}"
        raise Violation(cases.lane(0), Difference("", expected, shown, "dtype or shape"))

    def _run_lane(self, cases: Batch, lane: int) -> Any:
        try:
            return self.run_case(cases.lane(lane))[0]
        except Violation as violation:
            violation.lanes = [lane]
            raise

    def _run_body(self, case: LoopBatch, body: Body) -> Array:
        """One call; int32 bounds are Python integers, others NumPy scalars."""
        bound = int if case.dtype == "int32" else np.dtype(case.dtype).type
        lower, upper = bound(case.lower[0]), bound(case.upper[0])
        init = self.xp.array(case.carry[0])
        got = self.guarded(case, lambda: self.call(lower, upper, body, init))
        return self.registers(case, got, init.shape)
