"""Assumptions about an implementation's arithmetic: the parameters of every error bound.

Notation of N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002:
u is the unit roundoff, ``fl(a op b) = (a op b)(1 + delta)`` with ``|delta| <= u`` (section 2.2),
and ``gamma_n = n u / (1 - n u)`` bounds a product of n such factors (lemma 3.1). The model also
allows flushing to zero: an operation may treat a subnormal operand or result as zero, an absolute
error of at most the smallest normal number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from foricheck.oracle.normal import NORMAL_ACCURACY, NORMAL_ACCURACY_64


def gamma(n: npt.ArrayLike, u: float) -> npt.NDArray[np.float64]:
    """``gamma_n = n u / (1 - n u)``, infinite where ``n u >= 1`` (Higham, section 3.1).

    ``n`` is an array of counts of any shape, ``u`` a unit roundoff; the result has ``n``'s shape.
    """
    product = np.asarray(n) * u
    with np.errstate(divide="ignore"):  # infinite if n u >= 1
        return np.asarray(product / np.maximum(1 - product, 0))


@dataclass(frozen=True, kw_only=True)
class Arithmetic:
    """The assumed parameters of an implementation.

    ``name``: the dtype's name. ``unit_roundoff``: u, half the distance from 1 to the next number.
    ``smallest_normal`` and ``largest``: the finite positive range. ``tanh``: K, where the error of
    tanh is at most ``K u |tanh|``. ``input_roundoff``: the relative rounding of both factors before
    a multiplication (0 for none). ``weights``: the relative error of the implementation's weights.
    """

    name: str
    unit_roundoff: float
    smallest_normal: float
    largest: float
    tanh: float
    input_roundoff: float = 0.0
    weights: float = NORMAL_ACCURACY

    @property
    def product_rounding(self) -> float:
        """The relative change of a product whose factors are rounded, nu = 2 u_in + u_in**2."""
        return self.input_roundoff * (2 + self.input_roundoff)

    def with_exact_weights(self) -> Arithmetic:
        """The same arithmetic, for an implementation that receives the oracle's weights."""
        return replace(self, weights=0.0)

    def with_input_rounding(self, input_roundoff: float) -> Arithmetic:
        """The same arithmetic with factors rounded first, such as by :data:`TENSOR_FLOAT_32`."""
        return replace(self, input_roundoff=input_roundoff)


TENSOR_FLOAT_32 = 2.0**-11
"""Input roundoff of a product on tensor cores in TF32 (11 significant bits)."""

BFLOAT16_INPUTS = 2.0**-8
"""Input roundoff of a float32 product computed on a TPU from bfloat16 factors (8 bits)."""


def _half(name: str, *, bits: int, smallest_normal: float, largest: float) -> Arithmetic:
    u = 2.0**-bits
    return Arithmetic(
        name=name,
        unit_roundoff=u,
        smallest_normal=smallest_normal,
        largest=largest,
        tanh=1.0,
        weights=(1 + u) * (1 + NORMAL_ACCURACY) - 1,
    )


FLOAT16 = _half("float16", bits=11, smallest_normal=2.0**-14, largest=65504.0)
"""IEEE 754 binary16. Its weights are the rounded float32 ones; tanh is correctly rounded."""

BFLOAT16 = _half("bfloat16", bits=8, smallest_normal=2.0**-126, largest=(2 - 2.0**-7) * 2.0**127)
"""bfloat16, 8 significant bits. Its weights are the rounded float32 ones."""

FLOAT32 = Arithmetic(
    name="float32",
    unit_roundoff=2.0**-24,
    smallest_normal=2.0**-126,
    largest=(2 - 2.0**-23) * 2.0**127,
    tanh=6.0,
)
"""IEEE 754 binary32. XLA's tanh on a CPU was measured within 4.85 u."""

FLOAT64 = Arithmetic(
    name="float64",
    unit_roundoff=2.0**-53,
    smallest_normal=2.0**-1022,
    largest=float(np.finfo(np.float64).max),
    tanh=10.0,
    weights=NORMAL_ACCURACY_64,
)
"""IEEE 754 binary64. Its weights are drawn in float64.

XLA's tanh on a CPU was measured within 8.27 u over 1e8 inputs, the worst of them near 15.94.
"""

ARITHMETICS = {each.name: each for each in (FLOAT16, BFLOAT16, FLOAT32, FLOAT64)}
"""The assumed parameters by dtype name."""


def arithmetic_of(dtype: npt.DTypeLike | Any) -> Arithmetic:
    """The parameters of a dtype, looked up by name, so that bfloat16 needs no extension package.

    Raises ``ValueError`` for an unknown dtype.
    """
    name = dtype if isinstance(dtype, str) else np.dtype(dtype).name
    if name not in ARITHMETICS:
        raise ValueError(f"unknown arithmetic {name!r}; known: {', '.join(ARITHMETICS)}")
    return ARITHMETICS[name]
