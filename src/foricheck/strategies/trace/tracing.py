"""Expressions that inspect how a loop is traced, and the resulting program.

A body raises an error when it is traced too often, so that a loop unrolled in Python fails early.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CARRY, numbered

__all__ = [
    "bounds_in_turn",
    "closures",
    "counters",
    "fresh_bodies",
    "host_calls",
    "in_threads",
    "nests",
    "ordered_effects",
    "precisions",
    "program_sizes",
    "static_counters",
    "static_programs",
    "temporaries",
    "traced_programs",
    "trip_counts",
]

_COUNTED = """\
traces = []

def counted(i, c):
    traces.append(1)
    assert len(traces) < 10_000, 'the body is traced again and again'
    return c * 31 + i
"""
_TRACES = f"""\
def times(lower, upper):
{indent(_COUNTED, "    ")}
    fori_loop(lower, upper, counted, c)
    return xp.int32(len(traces))
"""
_ANY_BOUNDS = "lambda lower, upper, c: fori_loop(lower, upper, body, c)"
_ANY_UPPER = "lambda upper, c: fori_loop(0, upper, body, c)"
_ANY_LOWER = "lambda lower, c: fori_loop(lower, 7, body, c)"


def trip_counts(_: LoopLimits) -> Iterator[Expression]:
    """The number of traces of a body for 1, 3 and 2000 trips."""
    yield Expression(
        bounds="few = 1\nmore = 3\nmany = 2000",
        values=CARRY,
        setup=_TRACES,
        call="[times(0, few), times(0, more), times(0, many)]",
    )


def fresh_bodies(_: LoopLimits) -> Iterator[Expression]:
    """The number of traces of new bodies, with and without trips."""
    yield Expression(
        bounds="start = 2\nend = 5",
        values=CARRY,
        setup=_TRACES,
        call="[times(start, end), times(end, start), times(end, end)]",
        expected="[xp.int32(1)] * 3",
    )


def bounds_in_turn(_: LoopLimits) -> Iterator[Expression]:
    """A jitted loop called with several ranges, and its number of traces after the first call."""
    first = "run = jax.jit(lambda lower, upper, c: fori_loop(lower, upper, counted, c))"
    yield Expression(
        given=f"{BODY}\nranges = [(-2, 4), (7, 7), (9, -9), (0, 5000), (2**31 - 3, 2**31 - 1)]",
        values=CARRY,
        setup=f"{_COUNTED}\n{first}\nrun(0, 3, c)\nbefore = len(traces)",
        call=(
            "[run(*each, c) for each in ranges], "
            "xp.int32(len(traces) - before), xp.int32(run._cache_size())"
        ),
        expected="[fori_loop(*each, body, c) for each in ranges], xp.int32(0), xp.int32(1)",
    )


def traced_programs(_: LoopLimits) -> Iterator[Expression]:
    """The number of Whiles in a program with one or both bounds traced."""
    yield _whiles(f"{_ANY_BOUNDS}, 0, 7, c")
    yield _whiles(f"{_ANY_UPPER}, 7, c")
    yield _whiles(f"{_ANY_LOWER}, 0, c")
    yield _whiles(f"{_ANY_BOUNDS}, np.int8(0), np.int8(7), c")


def static_programs(_: LoopLimits) -> Iterator[Expression]:
    """The number of Whiles in a program with static bounds."""
    for trips in (2, 10, 1000):
        yield _whiles(f"lambda c: fori_loop(0, {trips}, counted, c), c")
    yield _whiles("lambda c: fori_loop(np.int32(-3), np.int32(6), counted, c), c")


def _whiles(arguments: str) -> Expression:
    lines = """\
def whiles(loop, *arguments):
    program = jax.jit(loop).lower(*arguments).as_text()
    return xp.int32(program.count('stablehlo.while'))
"""
    return Expression(
        values=CARRY,
        given=_COUNTED if "counted" in arguments else BODY,
        setup=lines,
        call=f"whiles({arguments})",
        expected="xp.int32(1)",
    )


def counters(_: LoopLimits) -> Iterator[Expression]:
    """The jaxpr of a loop whose carry is the index, for bounds of several dtypes."""
    for dtype in ("int32", "int8", "int16", "uint8", "uint32"):
        yield Expression(
            given="def body(i, c):\n    return i\n",
            bounds=f"lower = np.{dtype}(0)\nupper = np.{dtype}(7)",
            values=f"c = xp.array(0, xp.{dtype})",
            call=f"jax.make_jaxpr({_ANY_BOUNDS})(lower, upper, c)",
        )


def static_counters(_: LoopLimits) -> Iterator[Expression]:
    """The jaxpr of a loop over a static range that is too long to run, and the range."""
    for lower, upper in ((0, 10**9), (-(2**30), 2**30 - 1), (7, 7 + 2**20)):
        yield Expression(
            given="def body(i, c):\n    return xp.asarray(i, c.dtype)\n",
            bounds=numbered(lower, upper),
            values="c = xp.zeros((), int)",
            call="jax.make_jaxpr(lambda c: fori_loop(lower, upper, body, c))(c)",
            expected="(lower, upper)",
        )


def program_sizes(_: LoopLimits) -> Iterator[Expression]:
    """The length of the program's text, without digits, for two trip counts."""
    lines = """\
import re

def size(T):
    program = jax.jit(lambda c: fori_loop(0, T, counted, c)).lower(c).as_text()
    return np.int64(len(re.sub('[0-9]+', '', program)))
"""
    yield Expression(values=CARRY, setup=f"{_COUNTED}\n{lines}", call="[size(10), size(10**6)]")


def temporaries(_: LoopLimits) -> Iterator[Expression]:
    """The temporary memory of the program, in bytes, for two trip counts."""
    lines = """\
def temporary(T):
    compiled = jax.jit(lambda c: fori_loop(0, T, counted, c)).lower(c).compile()
    return np.int64(compiled.memory_analysis().temp_size_in_bytes)
"""
    yield Expression(
        values="c = xp.zeros(256, xp.int32)",
        setup=f"{_COUNTED}\n{lines}",
        call="[temporary(10), temporary(10**6)]",
    )


def host_calls(loop: LoopLimits) -> Iterator[Expression]:
    """The number of operations that leave the device, for static and traced bounds."""
    words = "('@xla.*callback', 'infeed', 'outfeed', 'stablehlo.send', 'stablehlo.recv')"
    lines = f"""\
import re

def host_calls(loop, *arguments):
    program = jax.jit(loop).lower(*arguments).as_text()
    return {{word: xp.int32(len(re.findall(word, program))) for word in {words}}}
"""
    loops = ["lambda c: fori_loop(0, 7, body, c), c"]
    for arguments in loops + [f"{_ANY_BOUNDS}, 0, 7, c"] * loop.accepts_traced_bounds:
        yield Expression(
            values=CARRY,
            given=BODY,
            setup=lines,
            call=f"host_calls({arguments})",
            expected=f"dict.fromkeys({words}, xp.int32(0))",
        )


def closures(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that close over arrays, a bound and the initial carry, directly and indirectly."""
    one = "def scaled(a):\n    return lambda i, c: c * a + i\n"
    yield _closing(one, "[fori_loop(lower, upper, scaled(each), c) for each in (a, b)]")
    several = """\
def mixed(a, b):
    def shifted(c):
        return c + b

    def body(i, old):
        return shifted(old * a) - shifted(c) * i + upper

    return body
"""
    yield _closing(several, "fori_loop(lower, upper, mixed(a, b), c)")
    yield _closing(several, "fori_loop(lower, upper, mixed(b, a), c)")


def _closing(given: str, call: str) -> Expression:
    return Expression(
        given=given,
        bounds="lower = 2\nupper = 6",
        values=f"{CARRY}\na = xp.array([3, 5], xp.int32)\nb = xp.array([-7, 11], xp.int32)",
        call=call,
        expected=call,
    )


def nests(_: LoopLimits) -> Iterator[Expression]:
    """Three nested loops, whose bounds are static or indices of the outer loops.

    Also nested bodies made by one recursive function.
    """
    yield _nest("0, 3", "0, 2")
    yield _nest("0, i", "j, i")
    yield _nest("i - 3, 2", "0, 3")
    given = """\
def deep(n):
    def body(i, e):
        if n:
            return fori_loop(0, n, deep(n - 1), e - i * n)
        return e * 31 + i

    return body
"""
    call = "fori_loop(lower, upper, deep(2), c)"
    yield Expression(given=given, bounds=numbered(1, 5), values=CARRY, call=call, expected=call)


def _nest(middle: str, inner: str) -> Expression:
    given = f"""\
def outer(i, c):
    def middle(j, d):
        def inner(k, e):
            return e * 31 + (c - d) * k + (i * 9 + j)

        return fori_loop({inner}, inner, d)

    return fori_loop({middle}, middle, c)
"""
    call = "fori_loop(lower, upper, outer, c)"
    bounds = "lower = 1\nupper = 5"
    return Expression(given=given, bounds=bounds, values=CARRY, call=call, expected=call)


def ordered_effects(loop: LoopLimits) -> Iterator[Expression]:
    """The indices passed to a callback in the body; sorted if the callback is unordered."""
    yield _effects("jax.jit(lambda c: fori_loop(2, 7, body, c)), c", range(2, 7))
    yield _effects("lambda c: fori_loop(2, 5, body, c), c", range(2, 5))
    yield _effects("jax.jit(lambda c: fori_loop(2, 2, body, c)), c", range(0))
    if loop.accepts_traced_bounds:
        yield _effects(f"jax.jit({_ANY_BOUNDS}), 2, 7, c", range(2, 7))
        yield _effects(f"jax.jit({_ANY_BOUNDS}), 5, 3, c", range(0))
    yield _effects("jax.jit(lambda c: fori_loop(0, 70, body, c)), c", range(70), ordered=False)


def _effects(arguments: str, seen: range, *, ordered: bool = True) -> Expression:
    lines = """\
from jax.experimental import io_callback

seen = []

def body(i, c):
    io_callback(lambda i: seen.append(int(i)), None, i, ordered={ordered})
    return c * 31 + i

def indices_seen(loop, *arguments):
    jax.block_until_ready(loop(*arguments))
    jax.effects_barrier()
    return [xp.int32(i) for i in {noted}]
"""
    return Expression(
        values=CARRY,
        setup=lines.format(ordered=ordered, noted="seen" if ordered else "sorted(seen)"),
        call=f"indices_seen({arguments})",
        expected=f"[xp.int32(i) for i in {list(seen)}]",
    )


def precisions(_: LoopLimits) -> Iterator[Expression]:
    """Whether a product in the body has the highest precision: only if the caller requests it."""
    lines = """\
def body(i, c):
    return c @ c

def is_highest():
    program = jax.jit(lambda c: fori_loop(0, 3, body, c)).lower(c).as_text()
    return "HIGHEST" in program

def is_highest_if_asked():
    with jax.default_matmul_precision("highest"):
        return is_highest()
"""
    yield Expression(
        values="c = xp.eye(2)",
        setup=lines,
        call="[is_highest(), is_highest_if_asked(), is_highest()]",
        expected="[False, True, False]",
    )


def in_threads(_: LoopLimits) -> Iterator[Expression]:
    """Two loops in two threads that wait for each other, when called and in their bodies.

    So both loops are called before either calls its body, and both bodies before either returns. If
    a loop serializes its calls, the waiting ends after a few seconds.
    """
    lines = """\
from concurrent.futures import ThreadPoolExecutor
from threading import Event

def meeting_place():
    come = [Event(), Event()]
    return lambda me: come[me].set() or come[1 - me].wait(5)

meet_in_call, meet_in_body = meeting_place(), meeting_place()

class Met:
    def __init__(self, me, value):
        self.me, self.value = me, value

    def flatten(self):
        meet_in_call(self.me)
        return [self.value], self.me

jax.tree_util.register_pytree_node(Met, Met.flatten, lambda me, leaves: Met(me, *leaves))

def run(me):
    def body(i, c):
        meet_in_body(me)
        return Met(me, c.value * 31 + i + me)

    return fori_loop(lower + me, upper, body, Met(me, c)).value

with ThreadPoolExecutor() as pool:
    results = [*pool.map(run, (0, 1))]
"""
    yield Expression(
        bounds=numbered(2, 6),
        values=CARRY,
        setup=lines,
        call="results",
        expected="[fori_loop(2 + k, 6, lambda i, c: c * 31 + i + k, c) for k in (0, 1)]",
    )
