"""Vectors about bodies: the order of trips, the index, fixed points, every instruction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foricheck.cases.batch import Array
from foricheck.programs.program import CONST, INDEX, ROWS, WIDTH, Instruction
from foricheck.vectors.building import MIXED, ZEROS, loop
from foricheck.vectors.vector import Topic, Vector

__all__ = ["TOPICS"]

_LEAST, _GREATEST = -(2**31), 2**31 - 1
_HASH: tuple[Instruction, ...] = (("mul", 0, 0, CONST, 31), ("add", 0, 0, INDEX, 0))
_COUNT: Instruction = ("add", 3, 3, CONST, 1)
_SMALL = np.arange(ROWS * WIDTH, dtype=np.int32).reshape(ROWS, WIDTH) - 11


def _order() -> Iterator[Vector]:
    yield loop("Order", "a polynomial of the indices", (0, 6), *_HASH, carry=ZEROS)
    yield loop("Order NegativeBounds", "the same across zero", (-3, 4), *_HASH)
    subtracted = ("sub", 0, INDEX, 0, 0)
    yield loop("Order", "the carry from the index", (10, 15), subtracted)
    yield loop("Order", "the last index stays", (2, 9), ("copy", 0, INDEX, 0, 0))
    yield loop("Order", "a shift and a sum", (0, 9), ("roll", 0, 0, CONST, 1), ("add", 0, 0, 1, 0))
    yield loop(
        "Order", "a product and a mask", (1, 12), ("mul", 1, 1, INDEX, 0), ("xor", 1, 1, 2, 0)
    )


def _index() -> Iterator[Vector]:
    for lower, upper in ((2, 7), (-4, 3)):
        flags = "IndexValue NegativeBounds" if lower < 0 else "IndexValue"
        comment = f"the sum of {lower} to {upper}"
        yield loop(flags, comment, (lower, upper), ("add", 0, 0, INDEX, 0), carry=ZEROS)
    yield loop("IndexValue", "the index as a place", (3, 14), ("put", 0, INDEX, INDEX, 0))
    yield loop("IndexValue Modulo", "a negative place", (-5, 2), ("put", 0, INDEX, INDEX, 0))
    yield loop("IndexValue Modulo", "read at a negative place", (-5, -2), ("get", 0, 1, INDEX, 0))
    yield loop("IndexValue Modulo", "shifted by the index", (-3, 0), ("roll", 0, 0, INDEX, 0))
    for dtype, lower in (("uint32", 2**32 - 5), ("int64", 2**32 + 7), ("uint64", 2**64 - 5)):
        flags, comment = "IndexValue Wraps", f"{dtype}, its lower 32 bits"
        bounds = (lower, lower + 3)
        yield loop(flags, comment, bounds, ("add", 0, 0, INDEX, 0), dtype=dtype)


def _rest() -> Iterator[Vector]:
    climb: Instruction = ("max", 0, 0, INDEX, 0)
    up_to_nine = ("min", 0, 0, CONST, 9)
    at_ten = np.full((ROWS, WIDTH), 10, np.int32)
    yield loop("ComesToRest", "at rest for ten trips, then not", (0, 16), climb, carry=at_ten)
    yield loop("ComesToRest", "at rest below zero", (-20, 14), climb, carry=at_ten)
    yield loop("ComesToRest", "at rest to the end", (0, 9), climb, carry=at_ten)
    yield loop("ComesToRest", "at rest after one trip", (0, 50), up_to_nine)
    yield loop("ComesToRest", "moves once, in the last trip", (-30, 1), ("min", 0, 0, 2, 0), climb)
    yield loop("ComesToRest", "zero times the index", (0, 7), ("mul", 0, 0, INDEX, 0), _COUNT)
    yield loop("ComesBack", "there and back, an odd number", (0, 9), ("swap", 0, 1, 0, 0))
    yield loop("ComesBack", "there and back, an even number", (0, 10), ("swap", 0, 1, 0, 0))
    yield loop("ComesBack", "a bit on and off", (0, 7), ("xor", 2, 2, CONST, 5))
    yield loop("ComesBack", "a whole turn and one", (0, 9), ("roll", 3, 3, CONST, 1))
    yield loop("Identity", "a body that does nothing", (0, 5))
    yield loop("Identity Empty", "the same without trips", (5, 5))
    yield loop("Identity", "registers copied to themselves", (0, 4), ("copy", 2, 2, 0, 0))


def _alone(comment: str, *operands: Instruction, extra: str = "", carry: Array = MIXED) -> Vector:
    """A vector of two trips, so that the second trip reads the first one's result."""
    return loop(f"Instruction{extra}", comment, (3, 5), *operands, carry=carry)


def _instructions() -> Iterator[Vector]:
    yield _alone("copy of a register", ("copy", 0, 2, 0, 0))
    yield _alone("copy of the index", ("copy", 1, INDEX, 0, 0), extra=" Operand")
    yield _alone("copy of a constant", ("copy", 3, CONST, 0, -7), extra=" Operand")
    for op in ("add", "sub", "mul"):
        yield _alone(f"{op} of registers", (op, 0, 1, 2, 0), extra=" Wraps")
        yield _alone(f"{op} with the least number", (op, 1, 1, CONST, _LEAST), extra=" Wraps")
        yield _alone(
            f"{op} with the greatest", (op, 1, CONST, 1, _GREATEST), extra=" Wraps Operand"
        )
        yield _alone(f"{op} with the index", (op, 3, INDEX, 3, 0), extra=" Operand")
    yield _alone("the least number by minus one", ("mul", 0, 0, CONST, -1), extra=" Wraps")
    yield _alone("a product beyond 53 bits", ("mul", 0, 0, CONST, 2_147_483_629), extra=" Wraps")
    for op in ("and", "or", "xor"):
        yield _alone(f"{op} of registers", (op, 0, 1, 2, 0), extra=" Signed")
        yield _alone(
            f"{op} with a negative mask", (op, 1, CONST, 1, -0x10000), extra=" Signed Operand"
        )
        yield _alone(f"{op} with the index", (op, 3, 3, INDEX, 0), extra=" Operand")
    for op in ("min", "max"):
        yield _alone(f"{op} of registers", (op, 0, 1, 2, 0), extra=" Signed")
        yield _alone(f"{op} with the least number", (op, 2, 2, CONST, _LEAST), extra=" Signed")
        yield _alone(f"{op} with the index", (op, 3, INDEX, 3, 0), extra=" Operand")


def _places() -> Iterator[Vector]:
    """Instructions that take a position or a shift modulo the width, and scan and swap."""
    for place in (0, 7, 8, -1, -8, _LEAST, _GREATEST):
        extra = " Modulo" if place < 0 else ""
        yield _alone(f"put at {place}", ("put", 0, CONST, 1, place), extra=extra)
    for place in (0, 7, -1, -9, _LEAST):
        extra = " Modulo" if place < 0 else ""
        yield _alone(f"get at {place}", ("get", 0, 1, CONST, place), extra=extra)
    for shift in (0, 1, 8, 11, -1, -3, -8, _LEAST, _GREATEST):
        extra = " Modulo" if shift < 0 else ""
        yield _alone(f"roll by {shift}", ("roll", 2, 2, CONST, shift), extra=extra, carry=_SMALL)
    yield _alone("put at a place from a register", ("put", 0, 1, 2, 0), extra=" Operand Modulo")
    yield _alone("put into the register that tells where", ("put", 1, 1, 2, 0), extra=" InPlace")
    yield _alone("get from a register by itself", ("get", 2, 2, 2, 0), extra=" InPlace Modulo")
    yield _alone("get from the constant", ("get", 1, CONST, 0, 99), extra=" Operand")
    yield _alone("roll by itself", ("roll", 1, 1, 1, 0), extra=" InPlace Modulo")
    yield _alone("roll of another register", ("roll", 0, 3, 1, 0), extra=" Operand Modulo")
    yield _alone("scan of small numbers", ("scan", 0, 0, 0, 0), extra=" InPlace", carry=_SMALL)
    yield _alone("scan that wraps", ("scan", 1, 2, 0, 0), extra=" Wraps")
    yield _alone("scan of the index", ("scan", 3, INDEX, 0, 0), extra=" Operand")
    yield _alone("swap of neighbours", ("swap", 0, 1, 0, 0), ("add", 0, 0, CONST, 1))
    yield _alone("swap of first and last", ("swap", 3, 0, 0, 0), ("add", 0, 0, CONST, 1))
    yield _alone("swap with itself", ("swap", 2, 2, 0, 0), extra=" InPlace")
    yield _alone("swap with register 4, which is 0", ("swap", 1, 4, 0, 0), extra=" Operand")
    yield _alone("swap with register 5, which is 1", ("swap", 3, 5, 0, 0), extra=" Operand")


def _programs() -> Iterator[Vector]:
    """Programs whose instructions read the results of earlier ones."""
    yield loop(
        "InSequence", "a chain of sums", (0, 3),
        ("add", 0, 0, INDEX, 0), ("add", 1, 1, 0, 0), ("add", 2, 2, 1, 0), ("add", 3, 3, 2, 0),
    )  # fmt: skip
    yield loop(
        "InSequence", "a register moved on three times", (0, 2),
        ("copy", 3, 2, 0, 0), ("copy", 2, 1, 0, 0), ("copy", 1, 0, 0, 0), ("copy", 0, INDEX, 0, 0),
    )  # fmt: skip
    yield loop(
        "InSequence", "two constants", (5, 8), ("mul", 0, 0, CONST, 3), ("sub", 0, 0, CONST, 8)
    )
    yield loop(
        "InSequence", "twice the same", (0, 3), ("roll", 0, 0, CONST, 3), ("roll", 0, 0, CONST, 3)
    )
    yield loop(
        "InSequence Order", "written where the count says", (-2, 11),
        ("put", 0, 3, INDEX, 0), ("add", 3, 3, CONST, 1), carry=ZEROS,
    )  # fmt: skip
    yield loop(
        "InSequence Wraps", "a hash of a scan", (0, 12),
        ("scan", 1, 0, 0, 0), ("xor", 0, 0, 1, 0), ("mul", 0, 0, CONST, -1640531535),
        ("roll", 0, 0, INDEX, 0),
    )  # fmt: skip
    yield loop(
        "InSequence", "a swap between two sums", (0, 5),
        ("add", 0, 0, CONST, 1), ("swap", 0, 1, 0, 0), ("add", 0, 0, CONST, 100),
    )  # fmt: skip
    yield loop(
        "InSequence Signed", "the middle of three", (0, 1),
        ("min", 3, 0, 1, 0), ("max", 0, 0, 1, 0), ("min", 0, 0, 2, 0), ("max", 0, 0, 3, 0),
    )  # fmt: skip


def _nested() -> Iterator[Vector]:
    for flags, comment, bounds in (
        ("Nested", "0, 1, 2 and 3 inner trips", (0, 4)),
        ("Nested", "from the third", (2, 6)),
        ("NestedEmpty", "one outer trip, and no inner one", (0, 1)),
        ("NestedEmpty NegativeBounds", "negative inner bounds", (-4, 0)),
        ("Nested NestedEmpty NegativeBounds", "negative inner bounds, and others", (-3, 4)),
        ("NestedEmpty Empty", "no outer trip", (3, 3)),
        ("Nested OneTrip", "one outer trip of 300 inner ones", (300, 301)),
    ):
        yield loop(flags, comment, bounds, *_HASH, _COUNT, nested=True)
    yield loop("Nested", "the inner index", (0, 6), ("copy", 0, INDEX, 0, 0), nested=True)
    yield loop("Nested Identity", "a body that does nothing", (0, 5), nested=True)
    yield loop("Nested ComesBack", "inner turns", (0, 7), ("roll", 1, 1, CONST, 1), nested=True)


TOPICS: dict[str, Topic] = {
    "order": _order,
    "index": _index,
    "rest": _rest,
    "instruction": _instructions,
    "place": _places,
    "program": _programs,
    "nested": _nested,
}
