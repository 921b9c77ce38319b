"""Expressions that inspect the program that a loop becomes."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CARRY, numbered
from foricheck.strategies.trace.text import ANY_BOUNDS, COUNTED

__all__ = [
    "counters",
    "host_calls",
    "precisions",
    "program_sizes",
    "static_counters",
    "static_programs",
    "temporaries",
    "traced_programs",
]

_ANY_UPPER = "lambda upper, c: fori_loop(0, upper, body, c)"
_ANY_LOWER = "lambda lower, c: fori_loop(lower, 7, body, c)"


def traced_programs(_: LoopLimits) -> Iterator[Expression]:
    """The number of Whiles in a program with one or both bounds traced."""
    yield _whiles(f"{ANY_BOUNDS}, 0, 7, c")
    yield _whiles(f"{_ANY_UPPER}, 7, c")
    yield _whiles(f"{_ANY_LOWER}, 0, c")
    yield _whiles(f"{ANY_BOUNDS}, np.int8(0), np.int8(7), c")


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
        given=COUNTED if "counted" in arguments else BODY,
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
            call=f"jax.make_jaxpr({ANY_BOUNDS})(lower, upper, c)",
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
    yield Expression(values=CARRY, setup=f"{COUNTED}\n{lines}", call="[size(10), size(10**6)]")


def temporaries(_: LoopLimits) -> Iterator[Expression]:
    """The temporary memory of the program, in bytes, for two trip counts."""
    lines = """\
def temporary(T):
    compiled = jax.jit(lambda c: fori_loop(0, T, counted, c)).lower(c).compile()
    return np.int64(compiled.memory_analysis().temp_size_in_bytes)
"""
    yield Expression(
        values="c = xp.zeros(256, xp.int32)",
        setup=f"{COUNTED}\n{lines}",
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
    for arguments in loops + [f"{ANY_BOUNDS}, 0, 7, c"] * loop.accepts_traced_bounds:
        yield Expression(
            values=CARRY,
            given=BODY,
            setup=lines,
            call=f"host_calls({arguments})",
            expected=f"dict.fromkeys({words}, xp.int32(0))",
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
