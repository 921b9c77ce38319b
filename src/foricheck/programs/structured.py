"""Structured programs: loop bodies that are compiled one by one.

One interpreter runs all programs of `foricheck.programs.program`, so the compiler sees a single
program. A compiler bug shows only if the body itself is compiled. Structured programs are therefore
written out as source (`foricheck.programs.structured_text`) and use the operations that compilers
rearrange: windows, in-place updates, sums along an axis, branches, inner loops.

The carry is a tuple of up to ``LEAVES`` arrays of ``SIZE`` elements. Four numbers describe a leaf,
``(dtype, shape, factor, start)``: an index into `DTYPES`, an index into `SHAPES`, and its initial
elements, ``factor · j + start`` for element j in row-major order. Arithmetic wraps modulo two to
the number of bits. The last dtype is floating-point: element j is then entry ``factor · j + start``
(modulo its length) of `FLOATS`, and the instructions are those of `FLOAT_OPS`.

A program is a list of instructions ``(op, dst, src, axis, k)``, executed in order every iteration:

- ``dst`` and ``src`` are leaf numbers, and ``axis`` is an axis of dst, all modulo their count;
- ``x`` is leaf dst, and ``y`` is leaf src converted to the dtype and shape of x;
- ``n`` is the length of the axis, and ``h`` is n / 2;
- ``i`` is the loop index, and ``p`` is i modulo n − 1 (modulo 2 where n is 2): an odd modulus
  reveals an index that lost its high bits;
- ``k`` is a constant from 1 to 7; only idle instructions have 0.

=========== ==========================================================================
nop         nothing
swap        exchange leaves dst and src, each converted to the other's type
copy        ``x ← y``
add         ``x ← x + y``; likewise sub, mul, xor, min and max
index       ``x ← y + i``
scale       ``x ← k · y + 1``
divide      ``x ← y / (k + 1)``, rounded down; likewise remainder
left        ``x ← y · 2**k``; right: ``x ← y / 2**k``, rounded down
flip_bits   ``x ← −1 − y``
cumsum      cumulative sums of y along the axis; cumprod: products
suffix      sums of y along the axis from each position to the end
roll        y rolled by k along the axis; roll_by_i: by p
flip        y reversed along the axis
shift_left  y without its first position along the axis, then the first position of x
interleave  the elements of y at even positions, then those of x at odd ones, in row-major order
transpose   y as a 4 × 4 matrix, transposed; tril: its lower triangle
matmul      ``x ← x · y``, as 4 × 4 matrices
sort        y sorted along the axis
sum         ``x ← x +`` the sums of y along the axis; total: the sum of all of y
sub_max     ``x ← x −`` the maxima of y along the axis
argmax      ``x ← x +`` the first indices of the maxima of y along the axis
pick        ``x ← x +`` y at p along the axis, broadcast
lookup      ``x[j] ← y[x[j] mod SIZE]``, in row-major order
put         x at p along the axis ← y at ``(p + k) mod n``; add_at: adds instead
set_one     ``x[i mod 15] ← y[(i mod 15 + k) mod SIZE]``, in row-major order
scatter     add y[j] to ``x[y[j] mod SIZE]`` for every j, in row-major order
window      h positions of y along the axis from ``min(p, n − h)``, then x from h
set_window  write the first h positions of y into x along the axis, from ``min(p, n − h)``
shift_right x along the axis except its first position ← y except its last
where       ``x − y`` where ``x > y``, y elsewhere
mask        x at p along the last axis (n is its length), y elsewhere
choose      ``x + y`` if 3 divides i, otherwise x reversed along the axis
branch      ``x − y`` if ``x[i mod 15]`` is even, otherwise y rolled by one along the axis
loop        ``x ← 3 · x + y + j`` for ``0 <= j < k``, in an inner loop
roll_loop   x rolled by one along the axis, plus y: ``i mod 3`` times, in an inner loop
plus        ``x ← y + (k − 1)``; negate: ``x ← −y``
abs         ``x ← |y|``
keep        x where ``y >= 0``, y elsewhere
gate        ``x ← x · (y > 0)``: x times 1 or 0
=========== ==========================================================================

Everything is exact, so values are compared bit for bit: no instruction of `FLOAT_OPS` rounds twice,
overflows or returns a subnormal number. No index is out of bounds. A window that does not fit
starts earlier, as ``dynamic_slice`` documents.
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
    *("cumsum", "cumprod", "suffix", "roll", "roll_by_i", "flip", "shift_left", "interleave"),
    *("transpose", "tril", "matmul", "sort", "sum", "total", "sub_max", "argmax"),
    *("pick", "lookup", "put", "add_at", "set_one", "scatter"),
    *("window", "set_window", "shift_right"),
    *("where", "mask", "choose", "branch", "loop", "roll_loop"),
    *("plus", "negate", "abs", "keep", "gate"),
)
FLOAT_OPS = (
    *("swap", "copy", "add", "sub", "roll", "roll_by_i", "flip", "shift_left", "interleave"),
    *("transpose", "pick", "put", "add_at", "set_one", "window", "set_window", "shift_right"),
    *("where", "mask", "choose"),
    *("plus", "negate", "abs", "keep", "gate"),
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
    """A batch of one lane: one program with its bounds and carry."""
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
    """The names of a program's instructions, in order, except idle ones."""
    return tuple(OPS[op] for op in code[:, 0] if op)
