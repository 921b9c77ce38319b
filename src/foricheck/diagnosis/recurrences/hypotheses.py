"""What may be wrong with a recurrence: for each mistake its words, and what it makes it compute."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from foricheck.diagnosis.recurrences.models import Call, Model, drawn
from foricheck.diagnosis.recurrences.steps import (
    activated,
    bfloat16,
    float16,
    inside,
    outside,
    residual,
    rounded,
    short,
)
from foricheck.diagnosis.recurrences.wrong_weights import (
    folded,
    from_key,
    of_numpy,
    of_uniform,
    reseeded,
    scaled,
    symmetric,
)

__all__ = ["HYPOTHESES", "Mistake"]

Trips = Callable[[int], int]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake: its words, and the recurrences of which one is the target if this is the cause.

    Attributes:
        words: a sentence without its full stop.
        models: what the mistake can make of the recurrence.
        trips: the trip count that it makes of T, if that is the mistake.
    """

    words: str
    models: tuple[Model, ...]
    trips: Trips | None = None

    def sentence(self, call: Call) -> str:
        """The mistake as a sentence, for a call that shows it."""
        if self.trips is None:
            return f"{self.words}."
        ran, due = max(self.trips(call.T), 0), max(call.T, 0)
        is_x = ": the result is x itself" if not ran else ""
        return f"{self.words}: for T = {call.T}, {_steps(ran)} ran instead of {due}{is_x}."


def _steps(count: int) -> str:
    if count == 0:
        return "no step"
    return f"{count} step" + ("" if count == 1 else "s")


def _counts(words: str, *trips: Trips) -> Mistake:
    return Mistake(words, tuple(Model(trips=each) for each in trips), trips[0])


def _draws(words: str, *weights: Callable[[int, int, str], np.ndarray]) -> Mistake:
    return Mistake(words, tuple(Model(weights=each) for each in weights))


def _steps_by(words: str, *models: Model) -> Mistake:
    return Mistake(words, models)


def _blocks(size: int) -> Sequence[Mistake]:
    dropped = f"The loop runs whole blocks of {size} steps and drops the remainder"
    added = f"The loop runs whole blocks of {size} steps, the last one in full"
    return (
        _counts(dropped, lambda T: T // size * size, lambda T: T // size * size or T),
        _counts(added, lambda T: -(-T // size) * size),
    )


def _fixed(count: int) -> Mistake:
    trips: Trips = lambda T: count  # noqa: E731
    return Mistake(f"T is ignored: the loop always runs {_steps(count)}", (Model(trips=trips),))


def _at_most(count: int) -> Mistake:
    return _counts(f"The loop runs at most {count} times", lambda T: min(T, count))


_TRIPS = (
    _counts("The loop runs T − 1 times", lambda T: T - 1, lambda T: T - 1 if T > 1 else T),
    _counts(
        "The loop runs T + 1 times",
        lambda T: T + 1,
        lambda T: max(T, 0) + 1,
        lambda T: T + 1 if T > 0 else T,
    ),
    _counts("The loop runs |T| times", abs),
    _counts("The loop runs |T| + 1 times", lambda T: abs(T) + 1),
    _counts("One step runs even for T = 0", lambda T: 1 if T == 0 else T),
    _counts("At least one step runs, whatever T is", lambda T: max(T, 1)),
    _counts("No step ever runs", lambda T: 0),
    _counts("The loop runs 2 T times", lambda T: 2 * T),
    _counts("The loop runs T // 2 times", lambda T: T // 2),
    *(each for size in (2, 3, 4, 8) for each in _blocks(size)),
    *(_fixed(count) for count in (1, 2, 3, 4, 5, 10)),
    *(_at_most(count) for count in (1, 2, 3, 4)),
)

_WEIGHTS = (
    _draws("W is not scaled by 0.1", scaled(lambda _: 1.0)),
    _draws("W is scaled by 0.1 twice", scaled(lambda _: 0.01)),
    _draws("W is scaled by 1 / sqrt(hidden), not by 0.1", scaled(lambda n: 1 / math.sqrt(n))),
    _draws("W is scaled by 1 / hidden, not by 0.1", scaled(lambda n: 1 / n)),
    _draws("W has the wrong sign", scaled(lambda _: -0.1)),
    _draws("W is zero", scaled(lambda _: 0.0)),
    _draws("W is made symmetric", symmetric),
    _draws("The diagonal of W is zero", lambda *of: drawn(*of) * (1 - np.eye(of[1]))),
    _draws("W is lower triangular", lambda *of: np.tril(drawn(*of))),
    _draws("W is upper triangular", lambda *of: np.triu(drawn(*of))),
    _draws(
        "W is transposed: a step is tanh(state @ W.T + x), which is tanh(W @ state + x)",
        lambda seed, hidden, dtype: drawn(seed, hidden, dtype).T,
    ),
    _draws(
        "W is drawn with key(seed) itself, without the fold_in by which nnx.Rngs(seed) makes a key",
        from_key(folded()),
    ),
    _draws(
        "W is drawn with the second key of the stream (or the second of a split), not with the "
        "first",
        from_key(folded(1)),
    ),
    _draws("W is drawn with the third key of the stream, not with the first", from_key(folded(2))),
    _draws(
        "The key of W is folded, or split, once more than by nnx.Rngs(seed)",
        *(from_key(folded(*two)) for two in ((0, 0), (0, 1), (1, 0), (1, 1))),
    ),
    _draws("The seed is ignored: W is always that of seed 0", reseeded(lambda _: 0)),
    _draws("The seed is ignored: W is always that of seed 1", reseeded(lambda _: 1)),
    _draws("The seed is ignored: W is always that of seed 42", reseeded(lambda _: 42)),
    _draws("W is that of seed + 1", reseeded(lambda seed: seed + 1)),
    _draws("W is that of |seed|", reseeded(abs)),
    _draws("A negative seed is taken for 0", reseeded(lambda seed: max(seed, 0))),
    _draws(
        "The seed is held within 32 signed bits",
        reseeded(lambda seed: min(max(seed, -(2**31)), 2**31 - 1)),
    ),
    _draws("Only the low 31 bits of the seed count", reseeded(lambda seed: seed & 0x7FFFFFFF)),
    _draws("Only the low 16 bits of the seed count", reseeded(lambda seed: seed & 0xFFFF)),
    _draws("W is drawn from a uniform distribution", of_uniform(-1.0), of_uniform(0.0)),
    _draws(
        "W is drawn by NumPy and not with the key of nnx.Rngs(seed)",
        of_numpy(lambda seed, n: np.random.default_rng(seed).normal(size=(n, n))),
        of_numpy(lambda seed, n: np.random.RandomState(seed).randn(n, n)),
    ),
)

_STATES = (
    _steps_by(
        "The state starts at zero, and not at x",
        Model(start=np.zeros_like),
    ),
    _steps_by("The state starts at one, and not at x", Model(start=np.ones_like)),
    _steps_by(
        "x is not added in the step: it computes tanh(state @ W)", Model(added=np.zeros_like)
    ),
    _steps_by("x is added twice in the step", Model(added=lambda x: 2 * x)),
    _steps_by("x is subtracted in the step, not added", Model(added=np.negative)),
    _steps_by("The step is tanh((state + x) @ W): x is inside the product", Model(step=inside)),
    _steps_by("The step is tanh(state @ W) + x: x is outside of tanh", Model(step=outside)),
    _steps_by(
        "tanh is missing: the step is state @ W + x", Model(step=activated(lambda y: y, slope=1))
    ),
    _steps_by(
        "tanh is applied twice in a step",
        Model(step=activated(lambda y: np.tanh(np.tanh(y)), slope=1)),
    ),
    _steps_by(
        "The new state has the wrong sign",
        Model(step=activated(lambda y: -np.tanh(y), slope=1)),
    ),
    _steps_by(
        "The factor 0.1 is applied to the whole sum: the step is tanh(0.1 (state @ normal + x))",
        Model(added=lambda x: 0.1 * x),
    ),
    _steps_by(
        "The step adds to the state: it is state + tanh(state @ W + x)", Model(step=residual)
    ),
    _steps_by(
        "The activation is ReLU, not tanh",
        Model(step=activated(lambda y: np.maximum(y, 0.0), slope=1)),
    ),
    _steps_by(
        "The activation is the logistic sigmoid, not tanh",
        Model(step=activated(lambda y: 1 / (1 + np.exp(-y)), slope=0.25)),
    ),
    _steps_by(
        "The activation clips to [-1, 1], which is not tanh",
        Model(step=activated(lambda y: np.clip(y, -1.0, 1.0), slope=1)),
    ),
    _steps_by(
        "For T < 0 the result is zero, and not x",
        Model(result=lambda state, T: np.zeros_like(state) if T < 0 else state),
    ),
    _steps_by(
        "For T <= 0 the result is zero, and not x",
        Model(result=lambda state, T: np.zeros_like(state) if T <= 0 else state),
    ),
)

_PRECISIONS = (
    _steps_by(
        "The product state @ W is computed in bfloat16",
        Model(step=rounded(factors=bfloat16)),
        Model(step=rounded(factors=bfloat16, product_to=bfloat16)),
    ),
    _steps_by(
        "The product state @ W is computed in float16",
        Model(step=rounded(factors=float16)),
        Model(step=rounded(factors=float16, product_to=float16)),
    ),
    _steps_by(
        "The factors of the product state @ W are rounded to TF32 (11 significant bits)",
        Model(step=rounded(factors=short(11))),
    ),
    _steps_by("Each new state is rounded to float16", Model(step=rounded(state_to=float16))),
    _steps_by("Each new state is rounded to bfloat16", Model(step=rounded(state_to=bfloat16))),
    _steps_by("x is rounded to bfloat16 where it is added", Model(added=bfloat16)),
    _steps_by("x is rounded to float16 where it is added", Model(added=float16)),
    _steps_by("The result is rounded to float16", Model(result=lambda state, T: float16(state))),
    _steps_by("The result is rounded to bfloat16", Model(result=lambda state, T: bfloat16(state))),
    _steps_by(
        "The recurrence is computed in float16",
        Model(
            start=float16,
            added=float16,
            step=rounded(factors=float16, product_to=float16, state_to=float16),
        ),
    ),
    _steps_by(
        "The recurrence is computed in bfloat16",
        Model(
            start=bfloat16,
            added=bfloat16,
            step=rounded(factors=bfloat16, product_to=bfloat16, state_to=bfloat16),
        ),
    ),
)

HYPOTHESES: tuple[Mistake, ...] = (*_TRIPS, *_WEIGHTS, *_STATES, *_PRECISIONS)
"""Each of the mistakes that are tried; no two of them have the same words."""
