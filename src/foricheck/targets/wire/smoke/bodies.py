"""Checks of the interpreter of bodies, by loops of one trip.

A wrong value after one trip may be the fault of the interpreter or of the loop. A wrong loop runs
every instruction a wrong number of times, or at a wrong index, so the usual mistakes of loops are
tried: if one of them explains every value, the interpreter is sound and the loop is wrong, which
the rules judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.oracle import permutations
from foricheck.oracle import programs as oracle
from foricheck.programs.program import CONST, INDEX, OPS, encode, show
from foricheck.targets.wire.cases import loop
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.messages import Result, UnsupportedAnswer, compact
from foricheck.targets.wire.smoke.cases import EXTREMES, registers
from foricheck.targets.wire.smoke.findings import (
    WrongLoop,
    is_registers,
    must_keep,
    show_result,
    wrong_leaves,
    wrong_registers,
)

__all__ = [
    "Behaviour",
    "Interpreted",
    "WrongLoop",
    "bounds",
    "instructions",
    "nested",
    "permuted",
    "programs",
]

_AT = 3
"""The index of the one trip."""

_OPERANDS = ((0, 1, 2, 0), (3, 1, INDEX, 0), (2, CONST, 1, -7), (1, 1, 1, 0), (0, INDEX, CONST, 9))
_INDICES = {
    "int8": (5, -3, 120),
    "int16": (5, -3, 300),
    "int32": (5, -3, 2**30 + 1),
    "int64": (5, -3, 2**40 + 5, -(2**40)),
    "uint8": (5, 200),
    "uint16": (5, 40_000),
    "uint32": (5, 2**31 + 5),
    "uint64": (5, 2**63 + 5),
}


@dataclass(frozen=True)
class Behaviour:
    """How a loop runs a range of one index: correctly, or with a usual mistake.

    Attributes:
        shift: how far from the first index it starts.
        trips: how many iterations it runs.
    """

    shift: int = 0
    trips: int = 1

    @property
    def is_right(self) -> bool:
        """Whether it runs once, at the right index."""
        return self == Behaviour()

    def __str__(self) -> str:
        times = {1: "once", 2: "twice"}.get(self.trips, f"{self.trips} times")
        runs = f"runs {times}, from index {_AT + self.shift}" if self.trips else "does not run"
        return f"for the range from {_AT} to {_AT + 1} the loop {runs}"


_BEHAVIOURS = (
    *(Behaviour(0, trips) for trips in (1, 0, 2, 3)),
    *(Behaviour(shift, trips) for shift in (1, -1) for trips in (1, 2, 3)),
)
"""The right one first."""


@dataclass(frozen=True)
class _Probe:
    """A program that runs once, and the instruction that it checks."""

    of: str
    program: tuple[tuple[str, int, int, int, int], ...]
    carry: Array = field(repr=False)

    def case(self, *, nested: bool = False, lower: int = _AT) -> str:
        body: dict[str, object] = {"registers": [list(row) for row in self.program]}
        body |= {"nested": True} if nested else {}
        return compact(loop(body, [self.carry], lower=lower, upper=lower + 1))


@dataclass(frozen=True)
class Interpreted:
    """The findings of one-trip loops about the interpreter.

    Attributes:
        behaviour: how the loop appears to run.
        total: how many of the tried instructions are supported.
        wrong: the error of each wrong instruction, by its name, for this behaviour.
        unsupported: the names of those that the harness does not support.
    """

    behaviour: Behaviour
    total: int
    wrong: dict[str, str]
    unsupported: tuple[str, ...]


def instructions(client: Client) -> Interpreted:
    """Each instruction alone, run once."""
    return _interpreted(client, [probe for op in OPS[1:] for probe in _alone(op)])


def programs(client: Client) -> Interpreted:
    """Instructions after one another, run once."""
    return _interpreted(client, _TOGETHER)


def bounds(client: Client, behaviour: Behaviour) -> str:
    """The error in reading bounds, for each dtype, or ``""``."""
    for dtype in client.hello.dtypes:
        wanted = _INDICES[dtype]
        cases = [_indexed(dtype, index) for index in wanted]
        for index, result in zip(wanted, client.ask(cases), strict=True):
            row = np.full((1, 8), 0, np.int32)
            if behaviour.trips:
                last = index + behaviour.shift + behaviour.trips - 1
                row[:] = np.uint32(last % 2**32).view(np.int32)
            if wrong := _wrong_row(result, row[0]):
                must_keep(client, [registers(1)], {"registers": []}, at=index, dtype=dtype)
                return f"from {index} to {index + 1} of {dtype}, the index {wrong}"
    return ""


def nested(client: Client) -> str:
    """The error in nested bodies, or ``""``."""
    probe = _Probe("nested", (("add", 0, 0, CONST, 5), ("put", 1, 0, INDEX, 0)), registers(3))
    one, two = (probe.case(nested=True, lower=lower) for lower in (0, 1))
    results = client.ask([one, two])
    for lower, result in zip((0, 1), results, strict=True):
        ends = oracle.run_nested(_batch([probe], lower, lower + 1))
        if wrong := wrong_registers(result, ends[0]):
            must_keep(client, [registers(1)], {"registers": []}, at=_AT)
            _must_not_count(probe, lower, result)
            return f"in the iteration of index {lower}, the inner loop from 0 to {lower} {wrong}"
    return ""


def permuted(client: Client, behaviour: Behaviour) -> str:
    """The error in bodies that permute leaves, or ``""``."""
    kept = loop({"permute": list(range(len(_LEAVES)))}, _LEAVES)
    (result,) = client.ask([compact(kept)])
    if wrong := wrong_leaves(result, _LEAVES):
        must_keep(client, [registers(1)], {"registers": []}, at=_AT)
        return f"no trips of leaves of many dtypes {wrong}"
    places = (2, 0, 1)
    moved = loop({"permute": list(places)}, _TURNED, lower=_AT, upper=_AT + 1)
    (result,) = client.ask([compact(moved)])
    ends = permutations.after(0, behaviour.trips, places, _TURNED)
    if wrong := wrong_leaves(result, ends):
        must_keep(client, _TURNED, {"permute": [0, 1, 2]}, at=_AT)
        return f"one trip of {{'permute': {list(places)}}} {wrong}"
    return ""


def _must_not_count(probe: _Probe, lower: int, result: Result) -> None:
    """Check that a wrong nested body is not a right one whose inner loop runs too long or short.

    Raises:
        WrongLoop: it is.
    """
    for trips in {0, 2, 3} if lower else ():
        if not wrong_registers(result, oracle.run(_batch([probe], 0, trips))[0]):
            raise WrongLoop(f"the inner loop from 0 to {lower} has {trips} trips")


_SPECIAL = np.array([np.nan, -0.0, 0.0, np.inf, -np.inf, 1.5])
_LEAVES = (
    *(np.array([np.iinfo(f"{sign}{size}").min, np.iinfo(f"{sign}{size}").max], f"{sign}{size}")
      for sign in ("int", "uint") for size in (8, 16, 32, 64)),
    *(_SPECIAL.astype(f"float{size}") for size in (16, 32, 64)),
    (_SPECIAL[1:] + 1j * _SPECIAL[2]).astype(np.complex64),
    np.array([[True, False, True]]),
    np.array(-(2**53) - 1, np.int64),
    np.zeros((2, 0), np.float32),
)  # fmt: skip
_TURNED = tuple(np.array([n, -0.0], np.float32) for n in (1, 2, np.nan))
_SEVERAL = (
    ("copy", 1, 0, 0, 0),
    ("roll", 1, 1, CONST, 3),
    ("sub", 2, 1, INDEX, 0),
    ("swap", 3, 2, 0, 0),
)
_TOGETHER = (
    _Probe("two", (("add", 0, 0, CONST, 1), ("mul", 0, 0, CONST, 3)), registers(1)),
    _Probe("several", _SEVERAL, registers(2)),
)


def _alone(op: str) -> list[_Probe]:
    carries = (registers(OPS.index(op)), EXTREMES)
    rows = [(op, *operands) for operands in _OPERANDS]
    return [_Probe(op, (row,), carry) for carry in carries for row in rows]


def _interpreted(client: Client, probes: Sequence[_Probe]) -> Interpreted:
    results = client.ask([probe.case() for probe in probes])
    if not any(map(is_registers, results)):
        must_keep(client, [registers(1)], {"registers": []}, at=_AT)
    missing = tuple(dict.fromkeys(_unsupported(probes, results)))
    tried = [pair for pair in zip(probes, results, strict=True) if pair[0].of not in missing]
    found = [_wrong_if(behaviour, tried) for behaviour in _BEHAVIOURS]
    wrong = min(found, key=len)  # the right one, of several that explain as much
    total = len({probe.of for probe, _ in tried})
    return Interpreted(_BEHAVIOURS[found.index(wrong)], total, wrong, missing)


def _unsupported(probes: Sequence[_Probe], results: Sequence[Result]) -> list[str]:
    pairs = zip(probes, results, strict=True)
    return [probe.of for probe, result in pairs if isinstance(result, UnsupportedAnswer)]


def _wrong_if(behaviour: Behaviour, tried: Sequence[tuple[_Probe, Result]]) -> dict[str, str]:
    """What is wrong with each instruction, if the loop behaves like this."""
    if not tried:
        return {}
    lower = _AT + behaviour.shift
    ends = oracle.run(_batch([probe for probe, _ in tried], lower, lower + behaviour.trips))
    wrong: dict[str, str] = {}
    for (probe, result), end in zip(tried, ends, strict=True):
        if how := wrong_registers(result, end):
            wrong.setdefault(probe.of, f"{_shown(probe)} {how}")
    return wrong


def _batch(probes: Sequence[_Probe], lower: int, upper: int) -> LoopBatch:
    code = np.stack([encode(probe.program) for probe in probes])
    carry = np.stack([probe.carry for probe in probes])
    ones = np.ones(len(probes), np.int64)
    return LoopBatch("int32", ones * lower, ones * upper, code, carry)


def _indexed(dtype: str, index: int) -> str:
    body = {"registers": [["copy", 0, INDEX, 0, 0]]}
    carry = np.zeros((4, 8), np.int32)
    return compact(loop(body, [carry], lower=index, upper=index + 1, dtype=dtype))


def _wrong_row(result: Result, row: Array) -> str:
    got = result.leaves[0][0].tolist() if is_registers(result) else show_result(result)
    return "" if got == row.tolist() else f"gave {got}, not {row.tolist()}"


def _shown(probe: _Probe) -> str:
    return "; ".join(show(encode(probe.program)).splitlines())
