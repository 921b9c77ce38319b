"""Checks of messages: ids, batches, order, size, and unknown forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foricheck.cases.batch import Array
from foricheck.comparison.trees import difference
from foricheck.targets.wire.cases import loop
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.messages import (
    Result,
    UnsupportedAnswer,
    Value,
    compact,
)
from foricheck.targets.wire.smoke.cases import echoes, registers
from foricheck.targets.wire.smoke.findings import must_not_crash, show_result

__all__ = ["ids", "large", "many", "none", "one", "unknown_cases", "unknown_instructions"]

_IDS = (7, 0, 2**31, 2**53 - 1)
_MANY = 300
_LARGE = 2**20


def none(client: Client) -> str:
    """The error in the answer to a message without cases, or ``""``."""
    client.ask([])
    return ""


def one(client: Client) -> str:
    """Likewise, for a message with one case."""
    return _echoed(client, 1)


def many(client: Client) -> str:
    """Likewise, for a message with many."""
    return _echoed(client, _MANY)


def ids(client: Client) -> str:
    """Likewise, for messages with small and large ids, in no order."""
    cases, _ = echoes(client.hello.kinds, 1)
    for id in _IDS:
        client.ask([compact(case) for case in cases], id=id)
    return ""


def large(client: Client) -> str:
    """Likewise, for one of more than a mebibyte."""
    cases, _ = echoes(client.hello.kinds, 1)
    return _echoed(client, 1 + _LARGE // len(compact(cases[0])))


def unknown_instructions(client: Client) -> str:
    """Likewise, for a body with an unknown instruction."""
    body = {"registers": [["add", 0, 0, 5, 1], ["frobnicate", 0, 1, 2, 0]]}
    (result,) = client.ask([compact(loop(body, [registers(1)], upper=1))])
    return _not_unsupported("an instruction 'frobnicate'", result)


def unknown_cases(client: Client) -> str:
    """Likewise, for a body of an unknown form, and for a case of an unknown kind."""
    strange = loop({"frobnicate": []}, [registers(1)], upper=1)
    for what, case in (("a body", strange), ("a case", {"kind": "frobnicate"})):
        (result,) = client.ask([compact(case)])
        if wrong := _not_unsupported(f"{what} of the unknown form 'frobnicate'", result):
            return wrong
    return ""


def _echoed(client: Client, count: int) -> str:
    cases, leaves = echoes(client.hello.kinds, count)
    results = client.ask([compact(case) for case in cases])
    return _first_wrong(results, leaves, exactly="loop" in client.hello.kinds)


def _first_wrong(results: Sequence[Result], leaves: Sequence[Array], *, exactly: bool) -> str:
    for number, (result, leaf) in enumerate(zip(results, leaves, strict=True), 1):
        if not isinstance(result, Value) or not _same(result.leaves, leaf, exactly=exactly):
            must_not_crash(result, "a loop of no trips")
            wanted = f"{leaf.dtype.name}{list(leaf.shape)}, as it was sent"
            got = "other numbers" if _alike(result, leaf) else show_result(result)
            return f"case {number} of {len(leaves)} should give {wanted}, but gave {got}"
    return ""


def _same(leaves: tuple[Array, ...], leaf: Array, *, exactly: bool) -> bool:
    if not exactly:
        return _alike(Value(leaves), leaf)
    return len(leaves) == 1 and difference(leaf, leaves[0]) is None


def _alike(result: Result, leaf: Array) -> bool:
    shapes: Any = [(leaf.dtype, leaf.shape)]
    return isinstance(result, Value) and [(x.dtype, x.shape) for x in result.leaves] == shapes


def _not_unsupported(what: str, result: Result) -> str:
    return "" if isinstance(result, UnsupportedAnswer) else f"{what} gave {show_result(result)}"
