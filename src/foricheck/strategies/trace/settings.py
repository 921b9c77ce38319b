"""Expressions about what is not an argument of a loop: JAX's settings, and other threads."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CARRY, numbered

__all__ = ["in_threads", "precisions"]


def precisions(_: LoopLimits) -> Iterator[Expression]:
    """Whether a product in the body has the highest precision: only if the caller requests it."""
    lines = """\
def body(i, c):
    return c @ c
def is_highest():
    return "HIGHEST" in jax.jit(lambda c: fori_loop(0, 3, body, c)).lower(c).as_text()
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
