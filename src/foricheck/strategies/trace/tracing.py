"""Expressions that inspect how often and when a loop traces and runs its body."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CARRY, numbered
from foricheck.strategies.trace.text import ANY_BOUNDS, COUNTED

__all__ = [
    "bounds_in_turn",
    "closures",
    "fresh_bodies",
    "in_threads",
    "nests",
    "ordered_effects",
    "trip_counts",
]

_TRACES = f"""\
def times(lower, upper):
{indent(COUNTED, "    ")}
    fori_loop(lower, upper, counted, c)
    return xp.int32(len(traces))
"""


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
        setup=f"{COUNTED}\n{first}\nrun(0, 3, c)\nbefore = len(traces)",
        call=(
            "[run(*each, c) for each in ranges], "
            "xp.int32(len(traces) - before), xp.int32(run._cache_size())"
        ),
        expected="[fori_loop(*each, body, c) for each in ranges], xp.int32(0), xp.int32(1)",
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
        yield _effects(f"jax.jit({ANY_BOUNDS}), 2, 7, c", range(2, 7))
        yield _effects(f"jax.jit({ANY_BOUNDS}), 5, 3, c", range(0))
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
