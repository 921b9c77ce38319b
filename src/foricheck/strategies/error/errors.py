"""Bodies and carries that must be refused, and errors that must reach the caller.

If an error message must contain certain words, ``expected`` is the tuple of these words.
"""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.cases.variants import PLAIN
from foricheck.strategies.error.text import NO_TRIPS, THREE_TRIPS, expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL, CARRY

__all__ = [
    "after_failed_calls",
    "bodies_that_raise",
    "callable_types",
    "changed_leaves",
    "changed_places",
    "changed_structures",
    "concrete_uses",
    "non_array_leaves",
    "non_array_results",
    "refused_after_accepted",
    "side_effects",
]

_RAISED = """\
enough = type("Enough", ({kind},), {{}})("no more", 7)
def body(i, c):
    raise enough
def raises(call):
    try:
        return call() is enough
    except BaseException as error:
        if error is not enough:
            raise
        return xp.array(error.args == ("no more", 7))
"""
_KINDS = ("ValueError", "TypeError", "StopIteration", "KeyError", "BaseException")
_BREAKING = """\
broken = []
def body(i, c):
    broken.append(i) if broken else None
    if len(broken) > {calls}:
        raise ValueError("broken")
    return c * 31 + i
"""
_BROKEN = """\
broken.append("from now on")
{refused}broken.clear()
"""
_REFUSED = """\
try:
    fori_loop({arguments})
except (TypeError, ValueError):
    pass
"""
_CALLABLE = """\
from functools import partial
from operator import add
class Scaling:
    def __init__(self, by):
        self.by = by
    def __call__(self, i, c):
        return c * self.by + i
    def down(self, i, c):
        return i - c * self.by
def scaled(by, i, c, shift=1, **more):
    return c * by + i + shift
bodies = [partial(scaled, 31), Scaling(31), Scaling(31).down, xp.add, add]
bodies += [lambda *both: both[1] * 31 + both[0], lambda i, c, by=31: c * by - i]
"""
_OUTSIDE = """\
from contextlib import redirect_stdout
from io import StringIO
import random
def outside():
    return random.getstate(), repr(np.random.get_state()[1:3]){settings}
kept = random.getstate(), np.random.get_state()
random.seed(7), np.random.seed(7)
printed, before = StringIO(), outside()
with redirect_stdout(printed):
    result = fori_loop(lower, upper, body, c)
unchanged = outside() == before
random.setstate(kept[0]), np.random.set_state(kept[1])
"""
_DEEP = """\
leaf = xp.ones(37, xp.float32)
c = {"a": leaf, "deep": (leaf, leaf)}
"""


def bodies_that_raise(_: LoopLimits) -> Iterator[Expression]:
    """Whether the caller receives the exact exception object that a body raises.

    Includes errors that a loop might catch by mistake, StopIteration and TypeError, and a
    BaseException that is not an Exception.
    """
    for kind in _KINDS:
        given = _RAISED.format(kind=kind)
        yield expression(f"raises(lambda: {CALL})", given=given, expected="xp.array(True)")


def callable_types(_: LoopLimits) -> Iterator[Expression]:
    """Partial functions, callable objects, methods, functions of the library and builtins.

    Also functions with variadic or additional parameters.
    """
    call = "[fori_loop(lower, upper, body, c) for body in bodies]"
    yield expression(call, given=_CALLABLE, expected=call)


def side_effects(loop: LoopLimits) -> Iterator[Expression]:
    """What a call prints, and whether it changes global random states or JAX's settings."""
    settings = "" if loop.variant == PLAIN else ", dict(jax.config.values)"
    yield expression(
        "(result, printed.getvalue() == '', unchanged)",
        setup=_OUTSIDE.format(settings=settings),
        expected=f"({CALL}, True, True)",
    )


def changed_leaves(_: LoopLimits) -> Iterator[Expression]:
    """A leaf whose dtype or shape changes; the message must name both dtypes or shapes."""
    for values, result, words in (
        ("c = xp.ones(3, xp.float32)", "c.astype(xp.float16)", ("float32", "float16")),
        ("c = xp.ones(3, xp.int8)", "c.astype(xp.int32)", ("int8", "int32")),
        ("c = xp.ones(37, xp.float32)", "xp.ones(41, xp.float32)", ("37", "41")),
        (_DEEP, _deep("(c['deep'][0], c['deep'][1] > 0)"), ("deep", "float32", "bool")),
        (_DEEP, _deep("(c['deep'][0], xp.ones(41, xp.float32))"), ("deep", "37", "41")),
    ):
        yield _returning(result, values=values, expected=str(words))


def changed_structures(_: LoopLimits) -> Iterator[Expression]:
    """A container that changes its type, length or keys, or a body that returns nothing.

    ``expected`` lists alternative words for the difference, including JAX's notation for trees.
    """
    tree = ("structure", "container", "tree")
    for values, result, words in (
        (_DEEP, _deep("[c['deep'][0], c['deep'][1]]"), ("tuple", "list", "(*, *)")),
        (_DEEP, _deep("(c['deep'][0],)"), ("tuple", "length", "leaves", "(*, *)")),
        (_DEEP, "{'a': c['a'], 'other': c['deep']}", ("deep", "other")),
        (CARRY, "None", ("None", "nothing")),
    ):
        yield _returning(result, values=values, expected=str((tree, words)))


def changed_places(_: LoopLimits) -> Iterator[Expression]:
    """A container that changes below ``deep``; the message must say ``deep``."""
    for inner in ("[c['deep'][0], c['deep'][1]]", "(c['deep'][0],)", "c['a']"):
        yield _returning(_deep(inner), values=_DEEP, expected="('deep',)")


def after_failed_calls(_: LoopLimits) -> Iterator[Expression]:
    """A failed call, then a valid call with the same body and the same carry.

    The first call fails because the body raises, at its first call or later, or because an argument
    is refused.
    """
    good = f"({CALL}, c)"
    broken = _BROKEN.format(refused=_REFUSED.format(arguments="lower, upper, body, c"))
    for calls in (1, 2, 3):
        given = _BREAKING.format(calls=calls)
        yield expression(good, given=given, setup=broken, expected=good)
    for bad in ("lower, upper, None, c", "lower, None, body, c", "lower, upper, body, (c, 'text')"):
        setup = _REFUSED.format(arguments=bad)
        yield expression(good, setup=setup, expected=good)
    halves = "def body(i, c):\n    return c * xp.float32(0.5)\n"
    setup = _REFUSED.format(arguments="lower, upper, body, xp.ones(2, xp.int32)")
    floats = "c = xp.array([1, 2], xp.float32)"
    yield expression(good, given=halves, values=floats, setup=setup, expected=good)


_AFTER_BOUNDS = (
    ("0, 3", "0, 3.0"),
    ("0, 3", "0.0, 3"),
    ("np.int8(0), np.int8(3)", "np.int8(0), np.int16(3)"),
    ("np.int32(0), np.int32(3)", "np.int32(0), np.float32(3)"),
)
_AFTER_BODIES = (
    ("lambda i, c: c * xp.float32(0.5)", "xp.ones(2, xp.float32)", "xp.ones(2, xp.int32)"),
    ("lambda i, c: c[:2]", "xp.ones(2, xp.int32)", "xp.ones(3, xp.int32)"),
    ("lambda i, c: (c[0], c[1])", "(c, c)", "[c, c]"),
)


def refused_after_accepted(_: LoopLimits) -> Iterator[Expression]:
    """Bounds and carries that are refused, after a call whose arguments are equal or alike."""
    for legal, illegal in _AFTER_BOUNDS:
        setup = f"fori_loop({legal}, body, c)"
        yield expression(f"fori_loop({illegal}, body, c)", setup=setup)
    for body, legal, illegal in _AFTER_BODIES:
        setup = f"fori_loop(lower, upper, body, {legal})"
        call = f"fori_loop(lower, upper, body, {illegal})"
        yield expression(call, given=f"body = {body}", setup=setup)


def concrete_uses(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that need a concrete index or carry while they are traced."""
    for condition in ("i == 0", "c[0] > 0"):
        yield _returning(f"c + 1 if {condition} else c")
    for use in ("int(i)", "len(range(i))", "int(c[0])"):
        yield _returning(f"c + {use}")
    yield _returning("np.asarray(c)")


def non_array_leaves(_: LoopLimits) -> Iterator[Expression]:
    """Initial carries with a leaf that is text, an object or a function."""
    passing = "def body(i, c):\n    return c\n"
    for init in ("'text'", "{'a': c, 'b': 'text'}", "object()", "[c, body]", "np.array('text')"):
        for bounds in (THREE_TRIPS, NO_TRIPS):
            yield expression(f"fori_loop(lower, upper, body, {init})", given=passing, bounds=bounds)


def non_array_results(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that return text or an object."""
    yield _returning("'text'")
    yield _returning("object()")
    yield _returning("(c[0], 'text')", values="c = (xp.ones(2), xp.ones(2))")


def _deep(inner: str) -> str:
    """The carry with ``inner`` in the place of ``deep``."""
    return f"{{'a': c['a'], 'deep': {inner}}}"


def _returning(result: str, *, values: str = CARRY, expected: str = "") -> Expression:
    given = f"def body(i, c):\n    return {result}\n"
    return expression(CALL, given=given, values=values, expected=expected)
