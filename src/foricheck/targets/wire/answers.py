"""The answers of a harness in the form that rules take: values, or violations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.comparison.trees import show
from foricheck.comparison.violations import Difference, Unsupported, Violation
from foricheck.targets.target import Target
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.messages import Crashed, Declined, Result, UnsupportedAnswer, Value

__all__ = ["AS_TEXT", "client_of", "mismatch", "must_be_short", "one_each", "supported"]

AS_TEXT = "its bodies are Python text, which does not go over the wire"
"""Why a rule does not apply to a target in another language."""


def client_of(target: Target, kind: str) -> Client:
    """The client of the harness of a target."""
    client = target.callables[kind]
    assert isinstance(client, Client)
    return client


def one_each(cases: Batch, results: Sequence[Result], dtype: Any, shape: tuple[int, ...]) -> Array:
    """The one leaf of each result, stacked.

    Raises:
        Violation: a result is something else, or no value.
        Unsupported: some cases are.
    """
    _must_be_supported(results)
    wanted = np.empty(shape, dtype)
    found = {n: mismatch(result, [wanted]) for n, result in enumerate(results)}
    if lanes := [n for n, difference in found.items() if difference]:
        first = found[lanes[0]]
        assert first is not None
        raise Violation(cases.lane(lanes[0]), first, lanes=lanes)
    leaves = [value.leaves[0] for value in map(supported, results)]
    return np.stack(leaves) if leaves else np.empty((0, *shape), dtype)


def supported(result: Result) -> Value:
    """The result as a value.

    Raises:
        Unsupported: the harness cannot be given the case.
    """
    _must_be_supported([result])
    if not isinstance(result, Value):
        raise TypeError(f"a {type(result).__name__} has no value")
    return result


def must_be_short(client: Client, trips: Sequence[float]) -> None:
    """Check that no case has more trips than the harness declares.

    Raises:
        Unsupported: some cases have.
    """
    most = client.hello.max_trips
    lanes = [n for n, each in enumerate(trips) if most is not None and each > most]
    if lanes:
        raise Unsupported(f"the harness declares at most {most:,} trips", lanes=lanes)


def _must_be_supported(results: Sequence[Result]) -> None:
    lanes = [n for n, result in enumerate(results) if isinstance(result, UnsupportedAnswer)]
    if not lanes:
        return
    match results[lanes[0]]:
        case UnsupportedAnswer(message):
            raise Unsupported(f"the harness: {_line(message)}", lanes=lanes)


def mismatch(result: Result, like: Sequence[Array]) -> Difference | None:
    """The difference of a result from leaves of these dtypes and shapes, or None."""
    match result:
        case Value(leaves):
            return None if _kinds(leaves) == _kinds(like) else _difference(like, leaves)
        case Declined(message):
            return Difference("", "a value", f"refused: {_line(message)}", "refused")
        case Crashed(message):
            return Difference("", "a value", f"crashed: {_line(message)}", "crashed")
        case UnsupportedAnswer():
            return None


def _difference(like: Sequence[Array], leaves: Sequence[Array]) -> Difference:
    wanted = ", ".join(f"{leaf.dtype.name}{list(leaf.shape)}" for leaf in like)
    got = ", ".join(map(show, leaves)) or "no leaf"
    return Difference("", wanted, got, "dtype or shape")


def _kinds(leaves: Sequence[Array]) -> list[tuple[Any, ...]]:
    return [(leaf.dtype, leaf.shape) for leaf in leaves]


def _line(message: str) -> str:
    """The first line of a message of a harness."""
    return next((line.strip() for line in message.splitlines() if line.strip()), "(no message)")
