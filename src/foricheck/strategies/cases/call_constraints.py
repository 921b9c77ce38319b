"""What does not go together around a loop, in its bounds and its unrolling, and why."""

from __future__ import annotations

from foricheck.strategies.cases.conditions import (
    HEAVY,
    MILD,
    PLAIN_HISTORIES,
    STACK,
    beside_each,
    derivatives,
    maps,
    over,
    reverses,
    traced,
    traced_sides,
    traces,
    unrolled,
)
from foricheck.strategies.coverage import Constraint

__all__ = ["CALL_CONSTRAINTS"]

CALL_CONSTRAINTS = (
    Constraint(
        ("outside", "given"),
        lambda o, g: not (traced(g) and reverses(o)),
        "A loop of traced length is not differentiated in reverse mode.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: not (traced(g) and reverses(t)),
        "A loop of traced length is not differentiated in reverse mode.",
    ),
    Constraint(
        ("outside", "given"),
        lambda o, g: over(o, "nothing", "none", "nothing") <= traced_sides(g),
        "A bound that is mapped is traced.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: over("nothing", t, "none", "nothing") <= traced_sides(g),
        "A bound that is mapped is traced.",
    ),
    Constraint(
        (*STACK, "given"),
        lambda *s: not traced(s[-1]) or over(*s[:-1]) == traced_sides(s[-1]) or traces(*s[:-1]),
        "A bound is traced by something around the loop.",
    ),
    Constraint(
        ("transformed", "given"),
        lambda t, g: not traced(g) or t != "disable_jit",
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
        ("context", "transformed"),
        lambda c, t: c == "none" or t != "disable_jit",
        "disable_jit is judged alone.",
    ),
    Constraint(
        ("context", "dtypes"),
        lambda c, d: c != "second device" or d != "int4 uint4",
        "JAX before 0.10 cannot read integers of four bits from there.",
    ),
    Constraint(
        ("context", "history"),
        lambda c, h: c == "none" or h not in ("thread", "two threads"),
        "What is set around a call is set for one thread.",
    ),
    Constraint(
        ("context", "values"),
        lambda c, v: c != "debug nans" or v in MILD,
        "A NaN that is there on purpose is refused.",
    ),
    Constraint(
        ("outside", "transformed"),
        lambda o, t: o == "nothing" or t not in ("ahead", "donate"),
        "What is compiled ahead or given away is not transformed again.",
    ),
    Constraint(
        ("outside", "transformed"),
        lambda o, t: not (maps(o) and t.startswith("vmap upper")),
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
        lambda g, b, low: not (b == "uint32" and low == "highest" and not traced(g)),
        "JAX raises OverflowError for a static bound beyond 2**31: BOUND-12 judges that.",
    ),
    Constraint(
        ("given", "bound", "lower"),
        lambda g, b, low: not (b == "uint32" and low == "highest" and g != "traced"),
        "As before, for the bound that is not traced.",
    ),
    Constraint(
        ("given", "unroll"),
        lambda g, u: not traced(g) or u in ("absent", "None", "False"),
        "A loop of traced length is not unrolled.",
    ),
    Constraint(
        ("trips", "unroll"),
        lambda n, u: n <= 33 or not unrolled(u),
        "A long loop is not written out: it takes too long to compile.",
    ),
    Constraint(
        ("control", "unroll"),
        lambda c, u: c == "none" or not unrolled(u),
        "Control flow is not written out many times: it takes too long to compile.",
    ),
    Constraint(
        ("control", "leaves"),
        lambda c, n: c == "none" or n <= 5,
        "Nor for many leaves.",
    ),
    *beside_each(
        ("outside", "inside"),
        "effect",
        lambda s, e: e == "none" or s != "checkpoint",
        "checkpoint refuses effects.",
    ),
    Constraint(
        ("values", "control"),
        lambda v, c: v in MILD or c == "none",
        "Special values are judged without control flow, where they are exact.",
    ),
    Constraint(
        ("step", "unroll"),
        lambda s, u: s not in HEAVY or not unrolled(u),
        "A large body is not written out many times: it takes too long to compile.",
    ),
    Constraint(
        ("leaves", "unroll"),
        lambda n, u: n <= 5 or not unrolled(u),
        "Nor is one of many leaves.",
    ),
    Constraint(
        ("leaves", "step"),
        lambda n, s: n <= 5 or s not in HEAVY,
        "Nor does one of many leaves do much to each.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "history",
        lambda s, h: s == "nothing" or h not in PLAIN_HISTORIES,
        "Each of these calls is a program: they are made around plain loops.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "leaves",
        lambda s, n: s == "nothing" or n <= 5,
        "Many leaves are judged in plain loops: transformed, they are large programs.",
    ),
    *beside_each(
        ("outside", "inside"),
        "control",
        lambda s, c: s == "nothing" or c not in ("twice nested", "nested thrice"),
        "Nor are many loops in each other transformed more than once.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "step",
        lambda s, step: step != "narrow" or not reverses(s),
        "A cotangent is rounded where the body rounds to bfloat16.",
    ),
    Constraint(
        ("outside", "transformed", "step"),
        lambda o, t, step: step != "custom" or not _linearized_twice(o, t),
        "JAX before 0.12 differentiates what it has linearized without custom derivatives.",
    ),
)


def _linearized_twice(outside: str, transformed: str) -> bool:
    names = derivatives(outside, transformed)
    return len(names) > 1 and "linearize" in names
