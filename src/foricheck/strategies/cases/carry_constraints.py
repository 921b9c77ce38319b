"""What does not go together in a carry, its values, the effects and the history, and why."""

from __future__ import annotations

from foricheck.strategies.cases.conditions import (
    MASKED,
    MILD,
    MOVES_ONLY,
    beside_each,
    derives,
    maps,
    reverses,
    traced,
)
from foricheck.strategies.cases.dimensions import DTYPES
from foricheck.strategies.coverage import Constraint

__all__ = ["CARRY_CONSTRAINTS"]

CARRY_CONSTRAINTS = (
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
    *beside_each(
        ("outside", "transformed", "inside"),
        "container",
        lambda s, c: c not in ("empty", "no leaves") or not (maps(s) or derives(s)),
        "A carry without leaves has no lanes and no derivative.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "container",
        lambda s, c: c != "checked" or not (maps(s) or derives(s) or s == "cond"),
        "JAX's own transformations make nodes of placeholders.",
    ),
    Constraint(
        ("container", "effect", "jit"),
        lambda c, e, j: c not in ("empty", "no leaves") or e == "none" or j != "both",
        "JAX runs a loop of nothing but ordered callbacks many times: TRACE-17 judges that.",
    ),
    Constraint(
        ("container", "effect", "transformed"),
        lambda c, e, t: (
            c not in ("empty", "no leaves") or e == "none" or t not in ("ahead", "donate")
        ),
        "As before: these are jits too.",
    ),
    *beside_each(
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
        ("shape", "leaf given"),
        lambda s, g: g != "python" or s == "scalar",
        "A Python number is a scalar.",
    ),
    *beside_each(
        ("outside", "inside"),
        "leaf given",
        lambda s, g: g == "array" or not s.startswith(("cond", "scan")),
        "An array of NumPy is a constant there, which JAX refuses within some transformations.",
    ),
    Constraint(
        ("transformed", "leaf given"),
        lambda t, g: t != "disable_jit" or g != "wide",
        "Without jit a leaf of NumPy stays as wide as it is.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "form",
        lambda s, f: f != "jit" or not derives(s),
        "A custom derivative cannot take a tracer out of a jitted body.",
    ),
    Constraint(
        ("dtypes", "leaf given"),
        lambda d, g: g != "python" or set(DTYPES[d]) <= {"int32", "float32", "complex64", "bool"},
        "A Python number has JAX's default dtype.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "leaf given",
        lambda s, g: g != "python" or not (maps(s) or derives(s)),
        "A Python number has no lanes; its derivative is a rule of its own.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "trips",
        lambda s, n: n <= 17 or not maps(s),
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
    *beside_each(
        ("outside", "transformed"),
        "control",
        lambda s, c: c != "triangle" or not reverses(s),
        "The bounds of the inner loop are traced.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "closure",
        lambda s, k: k == "float32" or not reverses(s),
        "A cotangent in half precision is exact in few cases, which have a value of their own.",
    ),
    *beside_each(
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
            ("container", ("tuple", "leaf", "list", "one", "tagged", "dict")),
            ("moves", ("stay", "rotate", "every other old")),
            (
                "dtypes",
                ("int32 float32", "float32", "int32", "float16", "bool int32", "key float32"),
            ),
        )
    ),
    Constraint(
        ("values", "step"),
        lambda v, s: v != "subnormal" or s in MOVES_ONLY,
        "Subnormal numbers are flushed by arithmetic: they are only moved.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "values",
        lambda s, v: v != "subnormal" or not s.startswith(MASKED),
        "Lanes that have ended are kept by a choice, which is arithmetic in half precision.",
    ),
    Constraint(
        ("values", "moves"),
        lambda v, m: v not in ("subnormal", "infinite", "highest", "lowest") or m != "mix",
        "A sum of extremes depends on its order, and one of subnormal numbers is flushed.",
    ),
    Constraint(
        ("values", "step"),
        lambda v, s: v in MILD or s not in ("matrix", "turned", "reduce", "narrow"),
        "A sum of special values depends on its order.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "values",
        lambda s, v: v in MILD or not derives(s),
        "A derivative at a special value is not exact.",
    ),
    Constraint(
        ("values", "dtypes"),
        lambda v, d: v in MILD or v == "nan" or "complex64" not in DTYPES[d],
        "Complex arithmetic with special values is not exact.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "trips",
        lambda s, n: n <= 9 or not derives(s),
        "Derivatives over many trips need more bits than a half precision has; they are walked.",
    ),
    Constraint(
        ("trips", "dtypes"),
        lambda n, d: n <= 33 or not ({"float16", "bfloat16"} & set(DTYPES[d])),
        "Sums over many trips need more bits than a half precision has.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "control",
        lambda s, c: c != "while" or not reverses(s),
        "A while_loop has no reverse mode.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "shape",
        lambda s, v: v not in ("129", "2 × 129") or not derives(s),
        "A Jacobian of many elements is large.",
    ),
    *beside_each(
        ("outside", "transformed"),
        "leaves",
        lambda s, n: n <= 5 or not derives(s),
        "A Jacobian of many leaves is large.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "effect",
        lambda s, e: e == "none" or not s.startswith(("vmap", "map")),
        "Callbacks under vmap are rules of their own.",
    ),
    *beside_each(
        ("outside", "transformed", "inside"),
        "effect",
        lambda s, e: e == "none" or not derives(s) or (e == "debug" and not reverses(s)),
        "Debugging callbacks alone have derivatives, and reverse mode may repeat an iteration.",
    ),
    *(
        Constraint(
            ("effect", "transformed", name),
            lambda e, t, s: e == "none" or not (derives(t) and s.startswith("scan")),
            "JAX takes what no lane changes out of a scan that it differentiates, with callbacks.",
        )
        for name in ("outside", "inside")
    ),
    Constraint(
        ("effect", "outside", "inside"),
        lambda e, o, i: e == "none" or not (derives(o) and i.startswith("scan")),
        "As before.",
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
        lambda h, g: h != "other unroll" or not traced(g),
        "A loop of traced length is not unrolled.",
    ),
)
