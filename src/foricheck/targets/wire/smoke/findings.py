"""How a result differs from what it should be, and whether only the implementation can be why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np

from foricheck.cases.batch import Array
from foricheck.comparison.trees import difference
from foricheck.targets.wire.cases import loop
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.messages import (
    Crashed,
    Declined,
    Result,
    UnsupportedAnswer,
    Value,
    compact,
)

__all__ = ["CrashedLoop", "WrongLoop", "is_registers", "must_keep", "must_not_crash"]
__all__ += ["show_result", "wrong_leaves", "wrong_registers"]


class WrongLoop(Exception):
    """A mistake that only the implementation can make; the message is what it does."""


class CrashedLoop(Exception):
    """The harness answers that the implementation failed; the message is how."""


def must_keep(
    client: Client, leaves: Sequence[Array], body: Any, *, at: int, dtype: str = "int32"
) -> None:
    """Check that one trip of a body that does nothing keeps the leaves, whatever the body is.

    Raises:
        WrongLoop: it does not.
        CrashedLoop: it has no value.
    """
    case = loop(body, leaves, lower=at, upper=at + 1, dtype=dtype)
    (result,) = client.ask([compact(case)])
    what = f"one trip of a body that does nothing, with bounds of {dtype},"
    must_not_crash(result, what)
    if wrong := wrong_leaves(result, leaves):
        raise WrongLoop(f"{what} {wrong}")


def must_not_crash(result: Result, what: str) -> None:
    """Check that the harness does not answer that the implementation failed.

    Raises:
        CrashedLoop: it does.
    """
    if isinstance(result, Crashed | Declined):
        raise CrashedLoop(f"{what} gave {show_result(result)}")


def show_result(result: Result) -> str:
    """A result as text."""
    match result:
        case Value(leaves):
            return ", ".join(f"{leaf.dtype.name}{list(leaf.shape)}" for leaf in leaves) or "no leaf"
        case Declined(message):
            return f"refused: {message}"
        case UnsupportedAnswer(message):
            return f"unsupported: {message}"
        case Crashed(message):
            return f"crashed: {message}"


def wrong_registers(result: Result, end: Array) -> str:
    """How a result differs from the registers that it should be, or ``""``."""
    if not is_registers(result):
        return f"gave {show_result(result)}"
    got = result.leaves[0]
    if not (rows := np.flatnonzero((got != end).any(axis=1)).tolist()):
        return ""
    return f"gave r{rows[0]} = {got[rows[0]].tolist()}, not {end[rows[0]].tolist()}"


def is_registers(result: Result) -> TypeGuard[Value]:
    """Whether a result is a value with one leaf, int32[4, 8]."""
    shapes = (
        [(leaf.dtype.name, leaf.shape) for leaf in result.leaves]
        if isinstance(result, Value)
        else []
    )
    return shapes == [("int32", (4, 8))]


def wrong_leaves(result: Result, ends: Sequence[Array]) -> str:
    """How a result differs from the leaves that it should be, or ``""``."""
    if not isinstance(result, Value) or len(result.leaves) != len(ends):
        return "" if isinstance(result, UnsupportedAnswer) else f"gave {show_result(result)}"
    for number, (end, got) in enumerate(zip(ends, result.leaves, strict=True)):
        if found := difference(end, got, f"leaf {number}"):
            return f"gave at {found.path} {found.got}, not {found.expected}"
    return ""
