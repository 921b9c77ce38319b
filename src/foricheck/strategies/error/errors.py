"""Expressions that must be refused, and errors that must reach the caller.

If an error message must contain certain words, ``expected`` is the tuple of these words.
"""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.cases.variants import PLAIN
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CALL, CARRY, numbered

__all__ = [
    "after_failed_calls",
    "argument_names",
    "arities",
    "bodies_that_raise",
    "callable_types",
    "changed_leaves",
    "changed_places",
    "changed_structures",
    "concrete_uses",
    "non_array_leaves",
    "non_array_results",
    "non_integer_bounds",
    "not_callable",
    "side_effects",
    "static_floats",
    "too_large",
    "wrong_arguments",
]

_THREE_TRIPS = numbered(0, 3)
_NO_TRIPS = numbered(3, 3)
_RAISED = """\
class Enough({kind}):
    pass

enough = Enough("no more", 7)

def body(i, c):
    raise enough

def raises(call):
    try:
        call()
    except BaseException as error:
        if error is enough:
            return xp.array(error.args == ("no more", 7))
        raise
    return xp.array(False)
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
try:
    fori_loop(lower, upper, body, c)
except ValueError:
    pass
broken.clear()
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


def not_callable(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that are not callable, with and without trips."""
    for body in ("None", "3", "'body'", "(body,)", "c"):
        for bounds in (_THREE_TRIPS, _NO_TRIPS):
            yield _expression(f"fori_loop(lower, upper, {body}, c)", bounds=bounds)


def bodies_that_raise(_: LoopLimits) -> Iterator[Expression]:
    """Whether the caller receives the exact exception object that a body raises.

    Includes errors that a loop might catch by mistake, StopIteration and TypeError, and a
    BaseException that is not an Exception.
    """
    for kind in _KINDS:
        yield _expression(
            f"raises(lambda: {CALL})",
            given=_RAISED.format(kind=kind),
            expected="xp.array(True)",
        )


def callable_types(_: LoopLimits) -> Iterator[Expression]:
    """Partial functions, callable objects, methods, functions of the library and builtins.

    Also functions with variadic or additional parameters.
    """
    call = "[fori_loop(lower, upper, body, c) for body in bodies]"
    yield _expression(call, given=_CALLABLE, expected=call)


def side_effects(loop: LoopLimits) -> Iterator[Expression]:
    """What a call prints, and whether it changes global random states or JAX's settings."""
    settings = "" if loop.variant == PLAIN else ", dict(jax.config.values)"
    yield _expression(
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
    for calls in (1, 2, 3):
        given = _BREAKING.format(calls=calls)
        yield _expression(good, given=given, setup=_BROKEN, expected=good)
    for bad in ("lower, upper, None, c", "lower, None, body, c", "lower, upper, body, (c, 'text')"):
        setup = _REFUSED.format(arguments=bad)
        yield _expression(good, setup=setup, expected=good)
    halves = "def body(i, c):\n    return c * xp.float32(0.5)\n"
    setup = _REFUSED.format(arguments="lower, upper, body, xp.ones(2, xp.int32)")
    floats = "c = xp.array([1, 2], xp.float32)"
    yield _expression(good, given=halves, values=floats, setup=setup, expected=good)


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
        for bounds in (_THREE_TRIPS, _NO_TRIPS):
            yield _expression(
                f"fori_loop(lower, upper, body, {init})", given=passing, bounds=bounds
            )


def non_array_results(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that return text or an object."""
    yield _returning("'text'")
    yield _returning("object()")
    yield _returning("(c[0], 'text')", values="c = (xp.ones(2), xp.ones(2))")


def arities(_: LoopLimits) -> Iterator[Expression]:
    """Bodies with zero, one and three parameters, and one whose carry is keyword-only."""
    for parameters in ("", "c", "i, c, more", "i, *, c"):
        for bounds in (_THREE_TRIPS, _NO_TRIPS):
            body = f"lambda {parameters}: c".replace("lambda :", "lambda:")
            yield _expression(f"fori_loop(lower, upper, {body}, c)", bounds=bounds)


def non_integer_bounds(_: LoopLimits) -> Iterator[Expression]:
    """Bounds that are None, text or containers, or a non-integer next to an integer."""
    for bounds in ("None, 3", "0, None", "'0', '3'", "0, '3'", "[0], [3]", "0, {}", "(), 3"):
        yield _expression(f"fori_loop({bounds}, body, c)", bounds="")
    for bounds in ("0, 2.5", "0, 3j", "0, object()"):
        yield _expression(f"fori_loop({bounds}, body, c)", bounds="")


def too_large(loop: LoopLimits) -> Iterator[Expression]:
    """Lower bounds just above and just below the range of the index's dtype."""
    beyond = 2**63 if "int64" in loop.dtypes else 2**31
    for lower, upper in ((beyond, beyond + 2), (-beyond - 1, -beyond), (beyond, 0)):
        yield _expression(f"fori_loop({lower}, {upper}, body, c)", bounds="")


def argument_names(_: LoopLimits) -> Iterator[Expression]:
    """All or some arguments by name, and in another order."""
    calls = (
        "fori_loop(lower=lower, upper=upper, body_fun=body, init_val=c)",
        "fori_loop(init_val=c, body_fun=body, upper=upper, lower=lower)",
        "fori_loop(lower, upper, init_val=c, body_fun=body)",
    )
    for call in calls:
        yield _expression(call, expected=CALL)


def wrong_arguments(_: LoopLimits) -> Iterator[Expression]:
    """Too few arguments, too many, an unknown keyword, and an argument given twice."""
    for arguments in (
        "",
        "lower, upper, body",
        "lower, upper, body, c, 2",
        "lower, upper, body, c, c",
    ):
        yield _expression(f"fori_loop({arguments})")
    for keyword in ("step=2", "body=body", "lower=0"):
        yield _expression(f"fori_loop(lower, upper, body, c, {keyword})")


def static_floats(_: LoopLimits) -> Iterator[Expression]:
    """Pairs of floats, with the range they truncate to."""
    for lower, upper in ((0.0, 3.0), (0.5, 3.9), (-0.5, 2.9), (-1.5, 1.5), (2.9, 0.1)):
        yield _expression(
            f"fori_loop({lower}, {upper}, body, c)",
            bounds="",
            expected=f"fori_loop({int(lower)}, {int(upper)}, body, c)",
        )


def _deep(inner: str) -> str:
    """The carry with ``inner`` in the place of ``deep``."""
    return f"{{'a': c['a'], 'deep': {inner}}}"


def _returning(result: str, *, values: str = CARRY, expected: str = "") -> Expression:
    given = f"def body(i, c):\n    return {result}\n"
    return _expression(CALL, given=given, values=values, expected=expected)


def _expression(
    call: str,
    *,
    given: str = BODY,
    bounds: str = _THREE_TRIPS,
    values: str = CARRY,
    setup: str = "",
    expected: str = "",
) -> Expression:
    return Expression(
        given=given, bounds=bounds, values=values, setup=setup, call=call, expected=expected
    )
