"""M. Giles's approximation of the inverse error function, in single and double precision.

"Approximating the erfinv function", GPU Computing Gems Jade Edition, chapter 10, 2011. With
``w = -log1p(-v*v)``, which the paper writes ``-log((1 - v) * (1 + v))``, ``erf_inv(v)`` is ``v``
times a polynomial in ``w - c`` for small w and in ``sqrt(w) - c`` for larger w. Single precision
has two such pieces, double precision three. The coefficients are those of the paper and of
``chlo.erf_inv`` as compiled by XLA 0.8.1 to 0.12.0.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["PIECES", "Doubles", "Floats", "Piece", "erf_inv"]

Doubles: TypeAlias = npt.NDArray[np.float64]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Piece:
    """A polynomial for ``w`` below ``end``.

    Attributes:
        end: the exclusive upper end of the piece.
        shift: the number subtracted from the argument.
        argument: the argument before the shift, ``w`` or ``sqrt(w)``.
        coefficients: the coefficients, highest power first.
    """

    end: float
    shift: float
    argument: Callable[[Doubles], Doubles]
    coefficients: Doubles

    def __call__(self, w: Doubles) -> Doubles:
        """The polynomial at ``w``, by Horner's rule."""
        t = self.argument(w) - self.shift
        value = np.full_like(t, self.coefficients[0])
        for coefficient in self.coefficients[1:]:
            value = value * t + coefficient
        return value


def erf_inv(v: Floats) -> Doubles:
    """The approximation for ``v`` in (-1, 1), float64 of the shape of ``v``.

    The dtype of ``v``, float32 or float64, selects the approximation and the precision in which
    ``v`` is squared; the rest is evaluated in float64.
    """
    values = np.asarray(v)
    w = np.negative(np.log1p(np.negative(np.square(values).astype(np.float64))))
    pieces = PIECES[values.dtype.name]
    outermost_first = [w < piece.end for piece in pieces[::-1]]  # piecewise: the last true wins
    factor: Doubles = np.piecewise(w, outermost_first, list(pieces[::-1]))
    return factor * values.astype(np.float64)


def _itself(w: Doubles) -> Doubles:
    return w


_SINGLE = (
    Piece(
        5,
        2.5,
        _itself,
        np.array([
            2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
            -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
        ], np.float32).astype(np.float64),
    ),
    Piece(
        np.inf,
        3,
        np.sqrt,
        np.array([
            -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
            -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
        ], np.float32).astype(np.float64),
    ),
)  # fmt: skip

_DOUBLE = (
    Piece(
        6.25,
        3.125,
        _itself,
        np.array([
            -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18,
            1.1157877678025181e-17, -1.333171662854621e-16, 2.0972767875968562e-17,
            6.637638134358324e-15, -4.054566272975207e-14, -8.151934197605472e-14,
            2.6335093153082323e-12, -1.2975133253453532e-11, -5.415412054294628e-11,
            1.0512122733215323e-09, -4.112633980346984e-09, -2.9070369957882005e-08,
            4.2347877827932404e-07, -1.3654692000834679e-06, -1.3882523362786469e-05,
            0.00018673420803405714, -0.000740702534166267, -0.006033670871430149,
            0.24015818242558962, 1.6536545626831027,
        ]),
    ),
    Piece(
        16,
        3.25,
        np.sqrt,
        np.array([
            2.2137376921775787e-09, 9.075656193888539e-08, -2.7517406297064545e-07,
            1.8239629214389228e-08, 1.5027403968909828e-06, -4.013867526981546e-06,
            2.9234449089955446e-06, 1.2475304481671779e-05, -4.7318229009055734e-05,
            6.828485145957318e-05, 2.4031110387097894e-05, -0.0003550375203628475,
            0.0009532893797373805, -0.0016882755560235047, 0.002491442096107851,
            -0.003751208507569241, 0.005370914553590064, 1.0052589676941592,
            3.0838856104922208,
        ]),
    ),
    Piece(
        np.inf,
        5,
        np.sqrt,
        np.array([
            -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-09,
            -3.789465440126737e-09, 7.61570120807834e-09, -1.496002662714924e-08,
            2.914795345090108e-08, -6.771199775845234e-08, 2.2900482228026655e-07,
            -9.9298272942317e-07, 4.526062597223154e-06, -1.968177810553167e-05,
            7.599527703001776e-05, -0.00021503011930044477, -0.00013871931833623122,
            1.0103004648645344, 4.849906401408584,
        ]),
    ),
)  # fmt: skip

PIECES = {"float32": _SINGLE, "float64": _DOUBLE}
"""The pieces by dtype, in order of increasing w."""
