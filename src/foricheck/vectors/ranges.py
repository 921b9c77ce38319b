"""Vectors about ranges: empty, short and long ones, and the limits of every dtype."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foricheck.programs.program import CONST, INDEX
from foricheck.vectors.building import MIXED, loop, recorded
from foricheck.vectors.vector import Topic, Vector

__all__ = ["TOPICS"]

_COUNT = ("add", 1, 1, CONST, 1)
_HASH = (("mul", 2, 2, CONST, 31), ("add", 2, 2, INDEX, 0))
_NARROW = ("int8", "uint8", "int16", "uint16")
_WIDE = ("int64", "uint64")


def _empty() -> Iterator[Vector]:
    for lower, upper in ((0, 0), (7, 7), (-3, -3)):
        yield recorded("Empty", f"{lower} to {upper}", lower, upper)
    for lower, upper in ((1, 0), (5, 2), (0, -1), (-2, -5), (3, -4), (1000, -1000)):
        flags = "Reversed NegativeBounds" if upper < 0 else "Reversed"
        yield recorded(flags, f"{lower} down to {upper}", lower, upper)
    for lower, upper in ((0, 0), (4, 4), (5, 2)):
        flags = "InitialCarry Empty" if lower == upper else "InitialCarry Reversed"
        yield loop(flags, "the carry comes back as it was", (lower, upper), _COUNT, carry=MIXED)


def _short() -> Iterator[Vector]:
    for lower in (0, 1, 5, -1, -9):
        flags = "OneTrip NegativeBounds" if lower < 0 else "OneTrip"
        yield recorded(flags, f"index {lower} alone", lower, lower + 1)
    for lower, upper in ((0, 2), (0, 3), (1, 3), (4, 7), (2, 9), (10, 19)):
        yield recorded("OffByOne", f"{lower} to {upper}", lower, upper)
    for lower, upper in ((-1, 1), (-2, 0), (-3, 4), (-7, -2), (-8, 8)):
        yield recorded("OffByOne NegativeBounds", f"{lower} to {upper}", lower, upper)
    for lower, upper in ((0, 3), (-2, 2)):
        yield loop("InitialCarry", "a carry that is not zero", (lower, upper), *_HASH, carry=MIXED)


def _counters() -> Iterator[Vector]:
    for bits in (7, 8, 15, 16):
        for trips in (2**bits - 1, 2**bits, 2**bits + 1):
            yield recorded("TripCounter", f"{trips} trips", 0, trips)
    yield recorded("TripCounter NegativeBounds", "257 trips from below zero", -200, 57)
    yield recorded("TripCounter", "65537 trips from far up", 100_000, 165_537)


def _long() -> Iterator[Vector]:
    yield recorded("LongLoop", "130,003 trips", 0, 130_003)
    yield recorded("LongLoop NegativeBounds", "a million trips and one", -500_000, 500_001)
    yield recorded("LongLoop Reversed", "a million downwards, and so none", 1_000_000, 0)


def _ends_of(dtype: str) -> Iterator[Vector]:
    """Ranges at the least and the greatest numbers of a dtype, and around zero."""
    about = np.iinfo(dtype)
    least, greatest = int(about.min), int(about.max)
    extra = " NarrowBound" if dtype in _NARROW else " WideBound" if dtype in _WIDE else ""
    for flags, comment, lower, upper in (
        ("LeastBound Empty", "the least twice", least, least),
        ("GreatestBound Empty", "the greatest twice", greatest, greatest),
        ("GreatestBound OneTrip", "the greatest index", greatest - 1, greatest),
        ("LeastBound OffByOne", "three from the least", least, least + 3),
        ("GreatestBound OffByOne", "three up to the greatest", greatest - 3, greatest),
        ("WholeRange Reversed", "the greatest down to the least", greatest, least),
    ):
        yield recorded(flags + extra, f"{dtype}, {comment}", lower, upper, dtype)
    if dtype in _NARROW:
        flags = f"WholeRange TripCounter{extra}"
        yield recorded(flags, f"{dtype}, all of it", least, greatest, dtype)
    yield from _around_zero(dtype, extra)


def _around_zero(dtype: str, extra: str) -> Iterator[Vector]:
    """Ranges across zero, or for unsigned dtypes across the highest bit."""
    if np.iinfo(dtype).min < 0:
        yield recorded(f"NegativeBounds{extra}", f"{dtype}, across zero", -2, 2, dtype)
        return
    middle = 2 ** (np.iinfo(dtype).bits - 1)
    comment = f"{dtype}, across the highest bit"
    yield recorded(f"SignBit{extra}", comment, middle - 2, middle + 2, dtype)
    yield recorded(f"SignBit Reversed{extra}", f"{dtype}, 5 down to 2", 5, 2, dtype)


def _ends() -> Iterator[Vector]:
    for dtype in ("int32", "uint32", *_NARROW, *_WIDE):
        yield from _ends_of(dtype)


def _wide() -> Iterator[Vector]:
    for dtype in _WIDE:
        for place in (2**31, 2**32, 2**40, 2**53):
            flags, comment = "WideBound OffByOne", f"{dtype}, around {place}"
            yield recorded(flags, comment, place - 2, place + 3, dtype)
        flags = "WideBound Reversed"
        yield recorded(flags, f"{dtype}, 2**32 down to 5", 2**32, 5, dtype)
        yield recorded(flags, f"{dtype}, 2**32 + 5 down to 2", 2**32 + 5, 2, dtype)
    for place in (-(2**31), -(2**32), -(2**53)):
        flags = "WideBound NegativeBounds"
        yield recorded(flags, f"int64, around {place}", place - 3, place + 2, "int64")
    yield recorded(flags, "int64, far below zero, and none", 0, -(2**32) + 4, "int64")


TOPICS: dict[str, Topic] = {
    "empty": _empty,
    "short": _short,
    "counter": _counters,
    "long": _long,
    "ends": _ends,
    "wide": _wide,
}
