"""Which values do not go together, each with the reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from foricheck.cases.loop_case import Around
from foricheck.oracle.cases.inputs import MAPPING
from foricheck.strategies.cases.building import around_of
from foricheck.strategies.cases.dimensions import DIMENSIONS, DTYPES
from foricheck.strategies.coverage import Constraint, Model

__all__ = ["MODEL"]

_STACK = ("outside", "transformed", "jit", "inside")
"""The dimensions that say what is around the loop."""

_MOVES_ONLY = ("nothing", "negate", "reverse", "gather")
_MASKED = ("vmap upper", "vmap lower", "vmap bounds", "vmap all")
_MILD = ("small", "negative")
_HEAVY = ("random", "window", "gather", "turned", "matrix")


@cache
def _around(outside: str, transformed: str, jit: str, inside: str) -> tuple[Around, ...]:
    names = {"outside": outside, "transformed": transformed, "jit": jit, "inside": inside}
    return around_of(names)


def _over(*stack: str) -> set[str]:
    """The bounds that are mapped."""
    names = {name for each in _around(*stack) if each.name in MAPPING for name in each.over}
    return names & {"lower", "upper"}


def _traces(*stack: str) -> bool:
    """Whether it makes all its inputs tracers."""
    return bool({"jit", "ahead", "donate"} & {each.name for each in _around(*stack)})


def _reverses(*names: str) -> bool:
    return any(name.startswith(("vjp", "linearize")) for name in names)


def _derives(*names: str) -> bool:
    return _reverses(*names) or any(name.startswith("jvp") for name in names)


def _maps(*names: str) -> bool:
    return any(name.startswith(("vmap", "scan", "map")) for name in names)


def _traced(given: str) -> bool:
    return given.startswith("traced")


def _traced_sides(given: str) -> set[str]:
    sides = {"traced": {"lower", "upper"}, "traced upper": {"upper"}, "traced lower": {"lower"}}
    return sides.get(given, set())


def _unrolled(unroll: str) -> bool:
    return unroll in ("True", "trips", "9", "64")


def _beside_each(
    names: tuple[str, ...], other: str, allows: Callable[[str, Any], bool], why: str
) -> tuple[Constraint, ...]:
    """One constraint for each of several dimensions and another one."""
    return tuple(Constraint((name, other), allows, why) for name in names)


CONSTRAINTS = (
    Constraint(
        ("outside", "given"),
        lambda o, g: not (_traced(g) and _reverses(o)),
        "A loop of traced length is not differentiated in reverse mode.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: not (_traced(g) and _reverses(t)),
        "A loop of traced length is not differentiated in reverse mode.",
    ),
    Constraint(
        ("outside", "given"),
        lambda o, g: _over(o, "nothing", "none", "nothing") <= _traced_sides(g),
        "A bound that is mapped is traced.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: _over("nothing", t, "none", "nothing") <= _traced_sides(g),
        "A bound that is mapped is traced.",
    ),
    Constraint(
        (*_STACK, "given"),
        lambda *s: not _traced(s[-1]) or _over(*s[:-1]) == _traced_sides(s[-1]) or _traces(*s[:-1]),
        "A bound is traced by something around the loop.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: not _traced(g) or t != "disable_jit",
        "Without jit nothing is traced.",
    ),
    *(
        Constraint(
            (name, "transformed"),
            lambda v, t, neutral=neutral: t != "disable_jit" or v == neutral,
            "disable_jit is judged alone.",
        )
        for name, neutral in (
            ("outside", "nothing"),
            ("jit", "none"),
            ("inside", "nothing"),
            ("control", "none"),
            ("form", "lambda"),
        )
    ),
    Constraint(
        ("outside", "transformed"),
        lambda o, t: o == "nothing" or t not in ("ahead", "donate"),
        "What is compiled ahead or given away is not transformed again.",
    ),
    Constraint(
        ("outside", "transformed"),
        lambda o, t: not (_maps(o) and t.startswith("vmap upper")),
        "Lanes of lanes of lanes are many: one stack has them.",
    ),
    Constraint(
        ("outside", "jit", "transformed"),
        lambda o, j, t: t not in ("ahead", "donate") or j in ("none", "inside"),
        "What is compiled ahead or given away is not jitted again.",
    ),
    Constraint(
        ("given", "bound"),
        lambda g, b: g != "python" or b == "int32",
        "A Python int has no dtype.",
    ),
    Constraint(
        ("given", "bound"),
        lambda g, b: g != "python lower" or not b.startswith("u"),
        "A Python int beside an unsigned bound is refused.",
    ),
    Constraint(
        ("bound", "lower"),
        lambda b, low: not (b.startswith("u") and low.startswith("minus")),
        "An unsigned bound is not negative.",
    ),
    Constraint(
        ("given", "bound", "lower"),
        lambda g, b, low: not (b == "uint32" and low == "highest" and not _traced(g)),
        "JAX raises OverflowError for a static bound beyond 2**31: BOUND-12 judges that.",
    ),
    Constraint(
        ("given", "bound", "lower"),
        lambda g, b, low: not (b == "uint32" and low == "highest" and g != "traced"),
        "As before, for the bound that is not traced.",
    ),
    Constraint(
        ("given", "unroll"),
        lambda g, u: not _traced(g) or u in ("absent", "None", "False"),
        "A loop of traced length is not unrolled.",
    ),
    Constraint(
        ("trips", "unroll"),
        lambda n, u: n <= 33 or not _unrolled(u),
        "A long loop is not written out: it takes too long to compile.",
    ),
    Constraint(
        ("control", "unroll"),
        lambda c, u: c == "none" or not _unrolled(u),
        "Control flow is not written out many times: it takes too long to compile.",
    ),
    Constraint(
        ("control", "leaves"),
        lambda c, n: c == "none" or n <= 5,
        "Nor for many leaves.",
    ),
    *_beside_each(
        ("outside", "inside"),
        "effect",
        lambda s, e: e == "none" or s != "checkpoint",
        "checkpoint refuses effects.",
    ),
    Constraint(
        ("values", "control"),
        lambda v, c: v in _MILD or c == "none",
        "Special values are judged without control flow, where they are exact.",
    ),
    Constraint(
        ("step", "unroll"),
        lambda s, u: s not in _HEAVY or not _unrolled(u),
        "A large body is not written out many times: it takes too long to compile.",
    ),
    Constraint(
        ("leaves", "unroll"),
        lambda n, u: n <= 5 or not _unrolled(u),
        "Nor is one of many leaves.",
    ),
    Constraint(
        ("leaves", "step"),
        lambda n, s: n <= 5 or s not in _HEAVY,
        "Nor does one of many leaves do much to each.",
    ),
    Constraint(
        ("leaves", "container"),
        lambda n, c: n == 4 or c in ("tuple", "list"),
        "Other containers have as many leaves as they have.",
    ),
    Constraint(
        ("container", "dtypes"),
        lambda c, d: c not in ("empty", "no leaves") or d == "int32 float32",
        "A carry without leaves has no dtypes.",
    ),
    *(
        Constraint(
            ("container", name),
            lambda c, v, neutral=neutral: c not in ("empty", "no leaves") or v == neutral,
            f"A carry without leaves has no {name}.",
        )
        for name, neutral in (
            ("shape", "3"),
            ("values", "small"),
            ("leaf given", "array"),
            ("sharing", "apart"),
            ("moves", "stay"),
            ("step", "affine"),
            ("control", "none"),
            ("closure", "float32"),
        )
    ),
    *_beside_each(
        ("outside", "transformed", "inside"),
        "container",
        lambda s, c: c not in ("empty", "no leaves") or not (_maps(s) or _derives(s)),
        "A carry without leaves has no lanes and no derivative.",
    ),
    *_beside_each(
        ("outside", "transformed", "inside"),
        "container",
        lambda s, c: c != "checked" or not (_maps(s) or _derives(s) or s == "cond"),
        "JAX's own transformations make nodes of placeholders.",
    ),
    Constraint(
        ("container", "effect", "jit"),
        lambda c, e, j: c not in ("empty", "no leaves") or e == "none" or j != "both",
        "JAX runs a loop of nothing but ordered callbacks many times: TRACE-17 judges that.",
    ),
    *_beside_each(
        ("outside", "inside"),
        "container",
        lambda s, c: c not in ("empty", "no leaves") or s == "nothing",
        "As before, and XLA aborts where such a loop is in a cond in a cond.",
    ),
    Constraint(
        ("container", "history"),
        lambda c, h: c not in ("empty", "no leaves") or h != "other dtype",
        "A carry without leaves has no dtypes.",
    ),
    Constraint(
        ("moves", "container"),
        lambda m, c: m != "in place" or c == "list",
        "Of the containers a list is written into.",
    ),
    Constraint(
        ("moves", "transformed"),
        lambda m, t: m != "in place" or t != "disable_jit",
        "Without jit JAX gives the body the caller's own container: CARRY-15 judges that.",
    ),
    Constraint(
        ("shape", "leaf given"),
        lambda s, g: g != "python" or s == "scalar",
        "A Python number is a scalar.",
    ),
    Constraint(
        ("dtypes", "leaf given"),
        lambda d, g: g != "python" or set(DTYPES[d]) <= {"int32", "float32", "complex64", "bool"},
        "A Python number has JAX's default dtype.",
    ),
    *_beside_each(
        ("outside", "transformed", "inside"),
        "leaf given",
        lambda s, g: g != "python" or not (_maps(s) or _derives(s)),
        "A Python number has no lanes; its derivative is a rule of its own.",
    ),
    *_beside_each(
        ("outside", "transformed", "inside"),
        "trips",
        lambda s, n: n <= 17 or not _maps(s),
        "Long loops of many lanes are walked.",
    ),
    Constraint(
        ("outside", "inside", "effect"),
        lambda o, i, e: e == "none" or not (o == i == "cond"),
        "XLA aborts on a cond in a cond with an ordered effect, whatever is inside.",
    ),
    Constraint(
        ("control", "lower"),
        lambda c, low: c != "triangle" or low != "highest",
        "The upper bound of the inner loop would overflow.",
    ),
    Constraint(
        ("container", "leaf given"),
        lambda c, g: c != "checked" or g != "python",
        "A Python number is no array.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "control",
        lambda s, c: c != "triangle" or not _reverses(s),
        "The bounds of the inner loop are traced.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "closure",
        lambda s, k: k == "float32" or not _reverses(s),
        "A cotangent in half precision is exact in few cases, which have a value of their own.",
    ),
    *_beside_each(
        ("outside", "inside"),
        "transformed",
        lambda s, t: t != "vjp half closure" or s == "nothing",
        "A cotangent in half precision is exact where little is added up.",
    ),
    *(
        Constraint(
            ("transformed", name),
            lambda t, v, few=few: t != "vjp half closure" or v in few,
            "A cotangent in half precision is exact where little is added up.",
        )
        for name, few in (
            ("trips", (3, 0, 1, 2)),
            ("control", ("none",)),
            ("step", ("affine", "nothing", "double", "scaled", "half", "gather")),
            ("shape", ("3", "scalar", "1", "0")),
            ("leaves", (4, 1, 2)),
            ("container", ("tuple", "leaf", "list", "one", "tagged")),
            ("moves", ("stay", "rotate", "every other old", "in place")),
            (
                "dtypes",
                ("int32 float32", "float32", "int32", "float16", "bool int32", "key float32"),
            ),
        )
    ),
    Constraint(
        ("values", "step"),
        lambda v, s: v != "subnormal" or s in _MOVES_ONLY,
        "Subnormal numbers are flushed by arithmetic: they are only moved.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "values",
        lambda s, v: v != "subnormal" or not s.startswith(_MASKED),
        "Lanes that have ended are kept by a choice, which is arithmetic in half precision.",
    ),
    Constraint(
        ("values", "moves"),
        lambda v, m: v not in ("subnormal", "infinite", "highest", "lowest") or m != "mix",
        "A sum of extremes depends on its order, and one of subnormal numbers is flushed.",
    ),
    Constraint(
        ("values", "step"),
        lambda v, s: v in _MILD or s not in ("matrix", "turned", "reduce", "narrow"),
        "A sum of special values depends on its order.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "values",
        lambda s, v: v in _MILD or not _derives(s),
        "A derivative at a special value is not exact.",
    ),
    Constraint(
        ("values", "dtypes"),
        lambda v, d: v in _MILD or v == "nan" or "complex64" not in DTYPES[d],
        "Complex arithmetic with special values is not exact.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "trips",
        lambda s, n: n <= 9 or not _derives(s),
        "Derivatives over many trips need more bits than a half precision has; they are walked.",
    ),
    Constraint(
        ("trips", "dtypes"),
        lambda n, d: n <= 33 or not ({"float16", "bfloat16"} & set(DTYPES[d])),
        "Sums over many trips need more bits than a half precision has.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "control",
        lambda s, c: c != "while" or not _reverses(s),
        "A while_loop has no reverse mode.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "shape",
        lambda s, v: v not in ("129", "2 × 129") or not _derives(s),
        "A Jacobian of many elements is large.",
    ),
    *_beside_each(
        ("outside", "transformed"),
        "leaves",
        lambda s, n: n <= 5 or not _derives(s),
        "A Jacobian of many leaves is large.",
    ),
    *_beside_each(
        ("outside", "transformed", "inside"),
        "effect",
        lambda s, e: e == "none" or not (s.startswith(("vmap", "map")) or _derives(s)),
        "Callbacks under vmap and derivatives are rules of their own.",
    ),
    Constraint(
        ("effect", "form"),
        lambda e, f: e == "none" or f != "checkpoint",
        "checkpoint refuses effects.",
    ),
    Constraint(
        ("effect", "history"),
        lambda e, h: e == "none" or h not in ("two threads",),
        "Two threads have no order.",
    ),
    Constraint(
        ("history", "transformed"),
        lambda h, t: h not in ("thread", "two threads") or t != "disable_jit",
        "disable_jit is set for one thread.",
    ),
    Constraint(
        ("history", "given"),
        lambda h, g: h != "other unroll" or not _traced(g),
        "A loop of traced length is not unrolled.",
    ),
)

MODEL = Model(DIMENSIONS, CONSTRAINTS)
"""Dimensions and constraints."""
