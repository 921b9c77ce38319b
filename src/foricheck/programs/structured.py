"""What a structured program is: a loop body that is compiled by itself.

The programs of `foricheck.programs.program` are run by one interpreter, so that a compiler sees
one program whatever they are. A mistake of the compiler shows only when the body itself is
compiled; so these are written out (`foricheck.programs.structured_text`), and are made of what
compilers rearrange: windows, updates in place, sums along an axis, branches, inner loops.

The carry is a tuple of up to ``LEAVES`` arrays of ``SIZE`` numbers. A leaf is described by four
numbers ``(dtype, shape, factor, start)``: a place in `DTYPES`, a place in `SHAPES`, and the
elements at the start, ``factor · j + start`` for the j-th in row-major order. Arithmetic is modulo
two to the bits of the dtype. The last dtype is a floating-point one: there ``factor · j + start``
modulo their number is a place in `FLOATS`, and instructions are those of `FLOAT_OPS`.

A program is a list of instructions ``(op, dst, src, axis, k)``, done in order at every iteration:

- ``dst`` and ``src`` number leaves, and ``axis`` an axis of dst, modulo how many there are;
- ``x`` is leaf dst, and ``y`` is leaf src brought to the dtype and the shape of x;
- ``n`` is the length of the axis, and ``h`` is n / 2;
- ``i`` is the index of the loop, and ``p`` is i modulo n − 1 (modulo 2 where n is 2): an odd
  number, so that an index which lost its high bits is seen;
- ``k`` is a constant from 1 to 7; 0 only stands in idle instructions.

========= ==========================================================================
nop       nothing
swap      the leaves dst and src change places, each brought to the other's type
copy      ``x ← y``
add       ``x ← x + y``, and likewise sub, mul, xor, min and max
index     ``x ← y + i``
scale     ``x ← k · y + 1``
divide    ``x ← y / (k + 1)``, rounded down, and likewise the remainder
left      ``x ← y · 2**k``, and right: ``x ← y / 2**k``, rounded down
flip_bits ``x ← −1 − y``
cumsum    sums of y along the axis up to each place, and cumprod: products
suffix    sums of y along the axis from each place on
roll      y moved by k places along the axis, around; turn: by p places
flip      y backwards along the axis
slide     y without its first place along the axis, and then the first of x
comb      the even places of y and then the odd ones of x, in row-major order
transpose y as a 4 × 4 matrix, transposed; tril: without what lies above its diagonal
matmul    ``x ← x · y``, as 4 × 4 matrices
sort      y sorted along the axis
sum       ``x ← x +`` the sums of y along the axis; total: the sum of all of y
peak      ``x ← x −`` the maxima of y along the axis
argmax    ``x ← x +`` the first places of the maxima of y along the axis
pick      ``x ← x +`` y at p along the axis, repeated
lookup    ``x[j] ← y[x[j] mod SIZE]``, in row-major order
put       x at p along the axis ← y at ``(p + k) mod n``; pile: is added
one       ``x[i mod 15] ← y[(i mod 15 + k) mod SIZE]``, in row-major order
scatter   y[j] is added to ``x[y[j] mod SIZE]``, for every j, in row-major order
window    h places of y along the axis from ``min(p, n − h)`` on, and then x from h on
lay       the first h places of y go into x along the axis from ``min(p, n − h)`` on
shove     x along the axis, without the first place, ← y without the last place
where     ``x ← x − y`` where ``x > y``, and y elsewhere
mask      x at p along the last axis (with n its length), and y elsewhere
choose    ``x + y`` if 3 divides i, otherwise x backwards along the axis
branch    ``x − y`` if ``x[i mod 15]`` is even, otherwise y moved by one along the axis
loop      ``x ← 3 · x + y + j`` for ``0 <= j < k``, in an inner loop
spin      x moved by one along the axis, plus y: ``i mod 3`` times, in an inner loop
plus      ``x ← y + (k − 1)``, and negate: ``x ← −y``
size      ``x ← |y|``
keep      x where ``y >= 0``, and y elsewhere
gate      ``x ← x · (y > 0)``: x times 1 or 0
========= ==========================================================================

Everything is exact, so values are compared bit for bit: of the instructions of `FLOAT_OPS` none
rounds twice, overflows, or gives a subnormal number. No index lies outside an array, and a
window that would not fit starts earlier, as ``dynamic_slice`` documents.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import StructuredBatch

__all__ = ["DTYPES", "FLOATS", "FLOAT_OPS", "INTEGERS", "LEAVES", "OPS", "SHAPES", "SIZE", "SLOTS"]
__all__ += ["Instruction", "Leaf", "ops_of", "program"]

SIZE = 16
LEAVES = 3
SLOTS = 6
INTEGERS = ("int32", "int8", "uint8", "int16", "uint16", "uint32")
DTYPES = (*INTEGERS, "float32")
FLOATS = (0.0, -0.0, 1.0, -1.0, 2.5, -0.25, 96.0, float("nan"))
SHAPES = ((16,), (4, 4), (2, 8), (2, 2, 4))

OPS = (
    *("nop", "swap", "copy", "add", "sub", "mul", "xor", "min", "max"),
    *("index", "scale", "divide", "remainder", "left", "right", "flip_bits"),
    *("cumsum", "cumprod", "suffix", "roll", "turn", "flip", "slide", "comb"),
    *("transpose", "tril", "matmul", "sort", "sum", "total", "peak", "argmax"),
    *("pick", "lookup", "put", "pile", "one", "scatter", "window", "lay", "shove"),
    *("where", "mask", "choose", "branch", "loop", "spin"),
    *("plus", "negate", "size", "keep", "gate"),
)
FLOAT_OPS = (
    *("swap", "copy", "add", "sub", "roll", "turn", "flip", "slide", "comb", "transpose"),
    *("pick", "put", "pile", "one", "window", "lay", "shove", "where", "mask", "choose"),
    *("plus", "negate", "size", "keep", "gate"),
)

Instruction = tuple[str, int, int, int, int]
Leaf = tuple[str, tuple[int, ...], int, int]


def program(
    lower: int,
    upper: int,
    code: Sequence[Instruction],
    leaves: Sequence[Leaf] = (("int32", (SIZE,), 1, 0),),
    *,
    dtype: str = "int32",
    unroll: int | None = None,
) -> StructuredBatch:
    """One program with its bounds and its carry, a batch of one lane."""
    rows = [(OPS.index(op), *numbers) for op, *numbers in code]
    carry = [(DTYPES.index(leaf[0]), SHAPES.index(leaf[1]), *leaf[2:]) for leaf in leaves]
    return StructuredBatch(
        dtype,
        unroll,
        np.array([lower], np.int64),
        np.array([upper], np.int64),
        np.array([rows], np.int32),
        np.array([len(carry)], np.int32),
        np.array([carry], np.int32),
    )


def ops_of(code: Array) -> tuple[str, ...]:
    """The names of a program's instructions, in order, without the idle ones."""
    return tuple(OPS[op] for op in code[:, 0] if op)
