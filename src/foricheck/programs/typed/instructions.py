"""The instructions of a body: what each does to a leaf ``x``, at the index ``i``.

``k`` is the closed-over array of three, ``m`` the constant of the body, ``n`` the number of the
step. Integers wrap, and floats are dyadic, so that every result is exact: compilers may fuse and
reorder as they like. ``j`` is ``i`` as int32, ``j % 8`` its remainder, never negative.
"""

from __future__ import annotations

__all__ = ["FORMS", "INSTRUCTIONS"]

FORMS = (
    *("lambda", "default", "keyword default", "partial", "partial keyword", "method", "wraps"),
    *("object", "jit", "arguments", "checkpoint", "class method"),
)
"""How a body is made a callable, and where it keeps its constant."""

INSTRUCTIONS: dict[str, str] = {
    "affine": "with the place of the leaf modulo 4 added to m: integers: 3x + i + m; floats: "
    "k[j % 3] x + (j % 8) / 4 + m / 2; complex: the same "
    "less x; bools: x xor ((j + m) is odd); keys: their words times 2654435761 plus j + m",
    "double": "x + x; bools: not x; keys stay",
    "bump": "x + 1; bools: not x; keys stay",
    "negate": "floats: -x; integers: ~x; bools: not x; keys stay",
    "scaled": "floats: x k[j % 3]; other leaves stay",
    "square at": "floats: x x where i == n, else x",
    "double at": "x + x where i == n, else x",
    "cond": "an array's cond: x where j % 3 == 0, else as bump",
    "cond square": "floats, by cond: x x where i == n, else x",
    "switch": "by switch over j % 3: x, bump, bump twice",
    "while": "an inner while_loop that bumps j % 8 times",
    "scan": "an inner scan that bumps three times",
    "nested": "n loops inside each other, the inmost of three trips of affine steps, others of two",
    "twice nested": "two loops one after the other, of three affine steps each",
    "pyramid": "integers: two loops inside each other, j from 0 to i and k from j to i, of steps "
    "5y + (x - z) k + 9 i + j, where z is what the inner loop starts with",
    "triangle": "a loop from i to i + 3 of affine steps at the inner index",
    "gather": "x[(j + 1) % len(x)] put to x[j % len(x)]",
    "reverse": "x from its last element to its first",
    "window": "a window of two from j % 8, held inside x, put to the start",
    "transpose": "x with its axes of equal length in the opposite order, plus 1",
    "turned": "floats: x times a matrix that permutes and signs its last axis",
    "matrix": "integers: x plus x times a constant matrix",
    "reduce": "integers: x plus the sum of x",
    "half": "floats and integers: x plus a closed-over bfloat16",
    "table": "x plus a closed-over NumPy table at j % 7",
    "random": "integers: x plus random bits of the key 5 folded with j",
    "initial": "x plus the initial leaf, which is closed over",
    "custom": "floats: -x, with a derivative of its own: the tangent as it is",
    "stopped": "floats: x plus x without its derivative",
    "constant": "the number j % 8, whatever x is",
    "split": "a key alone: the first of two that it is split into",
    "fold": "a key alone: folded with the index",
    "draw": "integers: 31x plus random bits of leaf n of the working copy, a key alone",
    "index": "the index, whatever x is; bools: whether it is odd; keys stay",
    "one": "1, whatever x is: an array of NumPy",
    "tenth": "floats: x + 0.1, which is rounded in each iteration",
    "grown": "floats: x 1.1, which is rounded in each iteration",
    "counted": "one leaf of integers: 3x + i + m, in a body that is written out and does no more",
    "guarded": "floats, by cond: x + x; the branch that i == n would take, and no case reaches, is "
    "the root, which has no derivative at 0",
    "tripled": "numbers: x 3, by the operator of whatever x is",
    "mix": "x plus leaf n of the working copy, which has its dtype and shape; bools: xor",
    "broadcast": "x[0] everywhere",
    "narrow": "floats: x to bfloat16 and back",
}
