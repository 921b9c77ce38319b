"""A loop over the tensors of Keras, on a backend other than JAX and NumPy.

Its tensors may be symbolic, so bodies are written over ``keras.ops``
(`foricheck.programs.keras_text`). Keras lacks some functions of NumPy, and a backend lacks some of
Keras: a case counts only if a right loop over the same tensors passes it, see `control`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from keras import ops, tree

from foricheck.cases.loop import Expression, Snippet, StructuredBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import answered, in_a_line
from foricheck.comparison.violations import Undecided, Unsupported
from foricheck.programs import expressions, snippets
from foricheck.targets.keras import control as keras_control
from foricheck.targets.numpy.plain_loop import PlainLoop
from foricheck.targets.target import Target

__all__ = ["KerasLoop"]


Made = TypeVar("Made")


class KerasLoop(PlainLoop):
    """A ``fori_loop`` over the tensors of Keras."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant, lanes=1)  # each call may compile a graph

    @cached_property
    def control(self) -> KerasLoop:
        """A right loop over the same tensors, one after the other in Python."""
        right = replace(self.target, callables={self.kind: keras_control.fori_loop})
        return KerasLoop(right, self.variant)

    @property
    def xp(self) -> ModuleType:
        """``keras.ops``."""
        module: ModuleType = ops
        return module

    @cached_property
    def leaf_dtypes(self) -> tuple[str, ...]:
        """Those of the backend."""
        return tuple(dtype for dtype in super().leaf_dtypes if _is_a_dtype(dtype))

    @property
    def max_trips(self) -> int:
        """A loop in Python over tensors takes milliseconds a trip."""
        return 2**9

    def call_snippet(self, case: Snippet) -> Any:
        """See `LoopSubject.call_snippet`.

        Raises:
            Unsupported: the text itself raises, before any call.
        """
        made = _evaluated(lambda: snippets.parts(case, self.xp))
        return self.call(made.lower, made.upper, made.body, made.init)

    def call_expression(self, case: Expression) -> Any:
        """See `PlainLoop.call_expression`.

        Raises:
            Unsupported: the text itself raises, before any call.
        """
        _evaluated(lambda: expressions.assigned(f"{case.bounds}\n{case.values}", self.xp))
        return super().call_expression(case)

    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """Structured bodies are written over JAX and NumPy alone.

        Raises:
            Undecided: always.
        """
        raise Undecided("its bodies are written for JAX and NumPy, not for Keras")

    def answer(self, call: Callable[[], Any]) -> Any:
        """See `PlainLoop.answer`; tensors become NumPy arrays, which computes them."""
        return answered(lambda: tree.map_structure(_array, call()))


def _is_a_dtype(dtype: str) -> bool:
    zero = np.zeros(1, dtype)
    try:
        return bool(ops.convert_to_numpy(ops.convert_to_tensor(zero)).dtype == zero.dtype)
    except Exception:  # backends have no common exception for it
        return False


def _array(leaf: Any) -> Any:
    return ops.convert_to_numpy(leaf) if ops.is_tensor(leaf) else leaf


def _evaluated(text: Callable[[], Made]) -> Made:
    """The value of foricheck's own text, if Keras can compute it."""
    try:
        return text()
    except Exception as error:  # a backend may raise anything when it lacks a dtype or a function
        raise Unsupported(in_a_line(error)) from error
