"""Carries: nested containers of every kind, with leaves of every dtype and shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import prod

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from foricheck.cases.loop import Expression, Snippet
from foricheck.cases.variants import DEFAULT_VARIANTS, PLAIN
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL, numbered

__all__ = [
    "dtype_changes",
    "every_dtype",
    "every_shape",
    "large",
    "nested",
    "permutations",
    "shape_changes",
    "structure_changes",
    "structures",
    "untouched",
    "weak",
    "without_trips",
]

DTYPES = (
    *("bool_", "int8", "int16", "int32", "uint8", "uint16", "uint32"),
    *("float16", "float32", "complex64"),
)
SHAPES = ((), (1,), (3,), (0,), (2, 3), (1, 1), (2, 0), (1, 2, 1, 3), (3, 2, 1, 2, 1, 2))
_SPECIAL = "0.0, -0.0, np.inf, -np.inf, np.nan, 1.5"
_PAIRS = {"complex64": "[1j, 1 - 2j]"}
_INTEGERS = tuple(dtype for dtype in DTYPES if "int" in dtype)
_FLOATS = {  # every bit of 0.1 is in use
    "float32": f"[{_SPECIAL}, 0.1, -3.4e38, 1.2e-38]",
    "float16": f"[{_SPECIAL}, 0.1, -65504.0, 6.2e-5]",
    "complex64": "[1 - 2j, complex(-0.0, np.nan)]",
}
_WITHOUT_LEAVES = ("None", "()", "[]", "{}", "{'a': None}", "((), [None])")
_WHOLE = (  # eleven bools fill no whole number of bytes
    "([xp.array([np.iinfo(d).min, 1, np.iinfo(d).max], d)"
    f" for d in ({', '.join(f'xp.{dtype}' for dtype in _INTEGERS)})],"
    " xp.arange(11) % 3 == 1)"
)
_TRIPS = st.sampled_from([("0", "3"), ("-1", "1"), ("5", "6"), ("2", "2"), ("4", "-4")])
_WITH_TRIPS = ("0", "2")
_NO_TRIPS = ("2", "2")


def every_dtype(loop: LoopLimits) -> Iterator[Snippet]:
    """One carry with a leaf of each dtype, for several ranges (one in non-default variants)."""
    able = (dtype for dtype in DTYPES if dtype.rstrip("_") in loop.leaf_dtypes)
    leaves = (f"xp.array({_PAIRS.get(dtype, '[0, 1]')}, xp.{dtype})" for dtype in able)
    init = f"[{', '.join(leaves)}]"
    body = "def body(i, c):\n    return [xp.flip(leaf) for leaf in c]\n"
    ranges = (("0", "1"), ("0", "0"), ("0", "3"), ("-2", "2"))
    for lower, upper in ranges if loop.variant in DEFAULT_VARIANTS else ranges[2:3]:
        yield Snippet(lower, upper, body, init)


def every_shape(_: LoopLimits) -> Iterator[Snippet]:
    """One carry with a leaf of each shape, scalars and empty arrays included, for three ranges."""
    sizes = [(prod(shape), shape) for shape in SHAPES]
    leaves = [f"xp.arange({size}, dtype=xp.int32).reshape({shape})" for size, shape in sizes]
    init = f"({', '.join(leaves)})"
    body = "def body(i, c):\n    return tuple(leaf * 3 + 1 for leaf in c)\n"
    for lower, upper in (("0", "1"), ("0", "0"), ("-1", "2")):
        yield Snippet(lower, upper, body, init)


def large(_: LoopLimits) -> Iterator[Expression]:
    """A leaf of more than 2**18 elements beside a small one; also the initial carry afterwards."""
    yield Expression(
        given="def body(i, c):\n    return c[0] * 3 + i, c[1] * 31 + i\n",
        bounds=numbered(0, 3),
        values="c = (xp.arange(2**18 + 5, dtype=xp.int32), xp.array([1, 2], xp.int32))",
        call=f"({CALL}, c)",
        expected=f"({CALL}, c)",
    )


def untouched(loop: LoopLimits) -> Iterator[Snippet]:
    """Leaves that the body returns unchanged: NaN, both zeros, infinities, extremes of dtypes."""
    able = {dtype: numbers for dtype, numbers in _FLOATS.items() if dtype in loop.leaf_dtypes}
    leaves = (f"xp.array({numbers}, xp.{dtype})" for dtype, numbers in able.items())
    floats = f"({', '.join(leaves)})"
    for lower, upper in (("0", "1"), ("0", "0"), ("0", "4")):
        yield _kept(lower, upper, floats)
    yield _kept("0", "3", _WHOLE)
    for leafless in _WITHOUT_LEAVES:
        yield Snippet("0", "3", "def body(i, c):\n    return c\n", leafless)


def _kept(lower: str, upper: str, leaves: str) -> Snippet:
    body = "def body(i, c):\n    kept, count = c\n    return kept, count + 1\n"
    return Snippet(lower, upper, body, f"({leaves}, xp.array(0, xp.int32))")


def mappings(_: LoopLimits) -> Iterator[Snippet]:
    """Mappings whose two entries are not sorted by key, which the body returns or rebuilds."""
    a, b = "xp.array([1, 2], xp.int32)", "xp.array(0.5, xp.float32)"
    entries = f"{{'b': {a}, 'a': {b}}}"
    for kind in ("OrderedDict(%s)", "defaultdict(int, %s)"):
        made = kind % "{'b': c['b'][::-1], 'a': c['a']}"
        for result in ("c", made):
            for trips in ("0", "1", "3"):
                yield Snippet("0", trips, f"def body(i, c):\n    return {result}\n", kind % entries)


def nested() -> SearchStrategy[str]:
    """Expressions of nested containers: tuple, list, dict, named tuple, dataclass and None."""
    return _containers(st.recursive(_leaves(), _containers, max_leaves=12))


def _leaves() -> SearchStrategy[str]:
    numbers = st.integers(0, 99)
    return st.one_of(
        numbers.map(lambda n: f"xp.array({n}, xp.int32)"),
        numbers.map(lambda n: f"xp.array([{n}, {n + 1}], xp.int8)"),
        st.just("xp.ones((0,), xp.float32)"),
        st.just("None"),
    )


def _containers(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    some, two = st.lists(inner, max_size=3), st.tuples(inner, inner)
    return st.one_of(
        some.map(lambda parts: "(" + "".join(f"{part}, " for part in parts).rstrip() + ")"),
        some.map(lambda parts: "[" + ", ".join(parts) + "]"),
        some.map(lambda parts: "{" + ", ".join(map(_entry, "cab", parts)) + "}"),
        two.map(lambda pair: f"Pair({', '.join(pair)})"),
        two.map(lambda pair: f"Point({', '.join(pair)})"),
    )


def structures(_: LoopLimits) -> SearchStrategy[Snippet]:
    """Loops over nested carries whose body returns the carry unchanged."""
    body = "def body(i, c):\n    return c\n"
    loop = partial(Snippet, body=body)
    return st.builds(
        lambda trips, init: loop(lower=trips[0], upper=trips[1], init=init),
        _TRIPS,
        st.one_of(nested(), nested(), _with_none(), st.sampled_from(_WITHOUT_LEAVES)),
    )


def _with_none() -> SearchStrategy[str]:
    """Dicts with an entry that is None."""
    return nested().map(lambda part: "{'b': " + part + ", 'a': None}")


def _entry(key: str, value: str) -> str:
    return f"{key!r}: {value}"


def permutations(_: LoopLimits) -> Iterator[Snippet]:
    """Bodies that permute leaves: swaps, a rotation of three, dict entries, a hundred leaves.

    Also a leaf that the body replaces by a constant.
    """
    a, b, c = (f"xp.array([{n}, {n + 1}], xp.int32)" for n in (1, 10, 100))
    for init, result in (
        (f"({a}, {b})", "(c[1], c[0])"),
        (f"({a}, {b}, {c})", "(c[1], c[2], c[0])"),
        (f"({a}, {b})", "(c[1], c[0] + c[1])"),
        (f"{{'b': {a}, 'a': {b}}}", "{'a': c['b'], 'b': c['a']}"),
        (f"{{10: {a}, 9: {b}}}", "{9: c[10], 10: c[9] * 3}"),
    ):
        for trips in ("1", "2", "3"):
            yield Snippet("0", trips, f"def body(i, c):\n    return {result}\n", init)
    constant = "def body(i, c):\n    return c[1], np.array([7, 8], np.int32)\n"
    for trips in ("0", "1", "2"):
        yield Snippet("0", trips, constant, f"({a}, {b})")
    many = "[xp.full(2, n, xp.int32) for n in range(100)]"
    yield Snippet("0", "3", "def body(i, c):\n    return c[1:] + c[:1]\n", many)


def dtype_changes(loop: LoopLimits) -> Iterator[Snippet]:
    """Bodies that change the dtype of a leaf: to a narrower, a wider or another kind of dtype.

    Also one of several leaves, a leaf inside a dataclass, and, if the body is not traced, a change
    in the last iteration only.
    """
    changes = (
        ("float32", "float16"),
        ("int32", "int8"),
        ("int8", "int32"),
        ("int32", "float32"),
        ("int32", "uint32"),
        ("bool_", "int32"),
        ("float16", "float32"),
        ("float32", "complex64"),
    )
    for before, after in changes:
        body = f"def body(i, c):\n    return c.astype(xp.{after})\n"
        yield Snippet(*_WITH_TRIPS, body, f"xp.ones(3, xp.{before})")
    second = "def body(i, c):\n    return c[0], c[1].astype(xp.float16)\n"
    yield Snippet(*_WITH_TRIPS, second, "(xp.ones(2, xp.float32), xp.ones(2, xp.float32))")
    inside = "def body(i, c):\n    return Point(c.x, c.y.astype(xp.float16))\n"
    yield Snippet(*_WITH_TRIPS, inside, "Point(xp.ones(2, xp.float32), xp.ones(2, xp.float32))")
    if loop.variant == PLAIN:
        late = "def body(i, c):\n    return c if i < 1 else c.astype(xp.float16)\n"
        yield Snippet(*_WITH_TRIPS, late, "xp.ones(3, xp.float32)")


def shape_changes(_: LoopLimits) -> Iterator[Snippet]:
    """Bodies that change the shape of a leaf to one that may or may not broadcast to it."""
    for before, after in (
        ("(3,)", "xp.concatenate([c, c])"),
        ("(3,)", "c[:2]"),
        ("(3,)", "c[:1]"),
        ("(3,)", "c[None]"),
        ("(1,)", "xp.concatenate([c, c])"),
        ("(1,)", "c[0]"),
        ("()", "xp.reshape(c, (1,))"),
        ("(2, 3)", "c.T"),
        ("(2, 3)", "xp.reshape(c, (6,))"),
        ("(0,)", "xp.reshape(c, (0, 2))"),
    ):
        body = f"def body(i, c):\n    return {after}\n"
        yield Snippet(*_WITH_TRIPS, body, f"xp.ones({before}, xp.float32)")


def structure_changes(_: LoopLimits) -> Iterator[Snippet]:
    """Bodies that change containers: another type, more or fewer leaves, other keys, None."""
    leaf = "xp.ones(2, xp.float32)"
    for init, result in (
        (f"({leaf}, {leaf})", "[c[0], c[1]]"),
        (f"[{leaf}, {leaf}]", "(c[0], c[1])"),
        (f"({leaf}, {leaf})", "(c[0],)"),
        (f"({leaf},)", "c[0]"),
        (leaf, "(c,)"),
        (f"{{'a': {leaf}}}", "{'b': c['a']}"),
        (f"({leaf}, None)", "(c[0], c[0])"),
        (f"({leaf}, {leaf})", "(c[0], None)"),
        (f"Pair({leaf}, {leaf})", "(c.a, c.b)"),
        (f"({leaf}, ({leaf}, {leaf}))", "((c[0], c[1][0]), c[1][1])"),
    ):
        yield Snippet(*_WITH_TRIPS, f"def body(i, c):\n    return {result}\n", init)


def changes(loop: LoopLimits) -> Iterator[Snippet]:
    """One dtype, shape and structure change, which the first trip makes."""
    for kind in (dtype_changes, shape_changes, structure_changes):
        yield next(kind(loop))


def without_trips(loop: LoopLimits) -> Iterator[Snippet]:
    """The cases of `changes` over an empty range."""
    for first in changes(loop):
        yield Snippet(*_NO_TRIPS, first.body, first.init)


def weak(_: LoopLimits) -> Iterator[Snippet]:
    """A Python int, or an array made from one, as the carry of a body that adds 0.5."""
    for init in ("0", "xp.asarray(0)"):
        yield Snippet("0", "3", "def body(i, c):\n    return c + 0.5\n", init)
