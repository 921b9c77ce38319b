"""The dimensions of a case of ``fori_loop_recurrence``, and what does not go together."""

from __future__ import annotations

from dataclasses import fields

from foricheck.cases.rec.case import AROUND, HISTORY, RecurrenceCase
from foricheck.cases.rec.inputs import FINITE, SPECIAL, VALUES
from foricheck.cases.rec.layouts import LAYOUTS
from foricheck.cases.rec.numbers import NUMBERS, holds
from foricheck.strategies.coverage import Constraint, Model, Row

__all__ = ["case_of", "combined", "full_model", "model_of", "paired", "remembered"]

SEEDS = (
    *(3, 0, 1, 7.5, 200, -1, -2, -2.75, 2**24 + 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32),
    *(2**32 + 5, 2**40 + 3, 2**63 - 1, -(2**31), -(2**31) - 1, -(2**63)),
)
"""Seeds: fractions, negative ones, and the edges of 24, 31, 32 and 63 bits."""

_HIDDEN = (3, 1, 2, 4, 8, 9, 16, 17.75, 31, 33, 65)
_TRIPS = (3, 0, 1, 2, -1, 4.75, -0.5, 8, 17, 33)
_PASSING = ("by position", "T by keyword", "by keyword", "by keyword in reverse")
_PLAIN_X = ("jax", "numpy")

_DIMENSIONS: dict[str, tuple[object, ...]] = {
    "seed": SEEDS,
    "seed_as": tuple(NUMBERS),
    "hidden": _HIDDEN,
    "hidden_as": tuple(NUMBERS),
    "T": _TRIPS,
    "T_as": tuple(NUMBERS),
    "values": tuple(VALUES),
    "x_as": tuple(LAYOUTS),
    "passing": _PASSING,
    "around": tuple(AROUND),
    "derivative": ("none", "forward", "reverse"),
    "history": HISTORY,
}
"""The values of each dimension; the first one is neutral."""


_PAIRED: dict[str, tuple[object, ...]] = {
    "seed": (3, 7.5, -1, -2.75, 2**24 + 1, 2**31, 2**32 + 5),
    "seed_as": ("int", "float", "np.int64", "np.float32"),
    "hidden": (3, 1, 2, 8, 9, 17.75, 33),
    "hidden_as": ("int", "float", "np.uint8", "np.float32"),
    "T": (3, 0, 1, -1, 4.75, 8, 17),
    "T_as": ("int", "float", "np.uint8", "np.float32"),
    "values": ("noise", "last unit", "saturating", "tiny", "NaN", "two infinities"),
    "x_as": ("jax", "numpy", "every second", "backwards", "read-only", "float64"),
    "passing": ("by position", "by keyword in reverse"),
    "around": (
        *("nothing", "jit", "jit, T traced", "jit, all traced", "vmap of x", "vmap of T"),
        *("vmap of seed and x", "vmap of all", "jit of vmap of x"),
    ),
    "derivative": ("none", "forward", "reverse"),
}
"""The values of which every pair is judged, in calls before which nothing comes."""

_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("seed", "seed_as"),
    ("hidden", "hidden_as"),
    ("T", "T_as"),
    ("values", "T"),
)
"""Dimensions of which all values are combined, the rest being neutral."""

_COMBINED: dict[str, tuple[object, ...]] = {
    "seed": (7.5, -2.75, -1, 200, 2**32 + 5, -(2**31)),
    "hidden": (8, 17.75),
    "T": (0, 1, -1, 4.75, -0.5),
    "values": (*SPECIAL, "huge"),
}
"""The values of these dimensions that are combined, where not all are."""

_REMEMBERED: dict[str, tuple[object, ...]] = {
    "history": HISTORY,
    "seed": (3, -2, 2**32 + 5),
    "hidden": (3, 8, 17),
    "T": (3, 0, 8),
    "around": ("nothing", "jit", "jit, T traced"),
    "x_as": ("jax", "numpy"),
}
"""The values of which every pair is judged after other calls; the rest is neutral."""


def _can_be_given(name: str) -> Constraint:
    return Constraint((name, f"{name}_as"), holds, "the number has to be one of that type")


def _traced_as_array(name: str) -> Constraint:
    return Constraint(
        ("around", f"{name}_as"),
        lambda around, way: name not in AROUND[around].arguments or way == "int",
        f"what is around gives {name} as an array of its own",
    )


def _traced_whole(name: str) -> Constraint:
    return Constraint(
        ("around", name),
        lambda around, number: name not in AROUND[around].arguments or isinstance(number, int),
        f"an integer array holds {name}",
    )


CONSTRAINTS = (
    *map(_can_be_given, ("seed", "hidden", "T")),
    *map(_traced_as_array, ("seed", "T")),
    *map(_traced_whole, ("seed", "T")),
    Constraint(
        ("around", "x_as"),
        lambda around, way: "x" not in AROUND[around].arguments or way in _PLAIN_X,
        "what is around takes x as an array of its own",
    ),
    Constraint(
        ("derivative", "x_as"),
        lambda derivative, way: derivative == "none" or way in _PLAIN_X,
        "x is an argument of what is differentiated",
    ),
    Constraint(
        ("derivative", "values"),
        lambda derivative, values: derivative == "none" or (values in FINITE and values != "huge"),
        "there is no derivative at what is not finite, and no bound where it may overflow",
    ),
    Constraint(
        ("derivative", "around"),
        lambda derivative, around: derivative != "reverse" or "T" not in AROUND[around].arguments,
        "a loop whose trip count is traced has no reverse mode",
    ),
    Constraint(
        ("history", "around"),
        lambda history, around: history != "in two threads" or around in ("nothing", "jit"),
        "each thread makes one call",
    ),
    Constraint(
        ("history", "derivative"),
        lambda history, derivative: history != "in two threads" or derivative == "none",
        "each thread makes one call",
    ),
    Constraint(
        ("history", "x_as"),
        lambda history, way: history != "after x was written to" or way == "numpy",
        "only an array of NumPy is written to",
    ),
    Constraint(
        ("history", "around"),
        lambda history, around: history != "after x was written to" or not AROUND[around].maps,
        "what maps over x takes an array of its own",
    ),
    Constraint(
        ("history", "seed"),
        lambda history, seed: history != "after a seed equal modulo 2**32" or abs(seed) < 2**62,
        "the other seed has to fit 63 bits",
    ),
    Constraint(
        ("history", "seed"),
        lambda history, seed: history != "after the next seed" or seed < 2**63 - 1,
        "the next seed has to fit 63 bits",
    ),
    Constraint(
        ("history", "seed"),
        lambda history, seed: history != "in two threads" or seed < 2**63 - 1,
        "the other thread takes the next seed",
    ),
    Constraint(
        ("x_as", "values"),
        lambda way, values: way != "float64" or values not in ("subnormal", "tiny"),
        "a float64 is rounded to float32, which may flush",
    ),
)
"""What does not go together, and why."""


def model_of(capabilities: frozenset[str], namespace: str, dtype: str) -> Model:
    """The dimensions for a target: what it cannot be asked is no value of them."""
    able = _with_jax if namespace == "jax" else _without_jax
    kept = {
        name: tuple(value for value in values if able(name, str(value), capabilities))
        for name, values in _DIMENSIONS.items()
    }
    if dtype == "float64" or namespace != "jax":  # x is float64 anyway, or is to stay float32
        kept["x_as"] = tuple(way for way in kept["x_as"] if way != "float64")
    return Model(kept, CONSTRAINTS)


def full_model(dtype: str) -> Model:
    """The dimensions, for a target over JAX arrays that can do everything."""
    every = {need for around in AROUND.values() for need in around.needs}
    return model_of(frozenset(every | {"grad", "forward", "reverse"}), "jax", dtype)


def paired(model: Model) -> Model:
    """The part of a model of which every pair is judged, in calls before which nothing comes."""
    return _part(model, _PAIRED)


def remembered(model: Model) -> Model:
    """The part of which every pair is judged in calls that come after others."""
    return _part(model, _REMEMBERED)


def combined(model: Model) -> list[Model]:
    """The parts of which all values of two dimensions are combined."""
    return [
        _part(model, {name: _COMBINED.get(name, model.dimensions[name]) for name in names})
        for names in _TOGETHER
    ]


def _part(model: Model, values: dict[str, tuple[object, ...]]) -> Model:
    kept = {
        name: tuple(value for value in all_of_them if value in values.get(name, all_of_them[:1]))
        for name, all_of_them in model.dimensions.items()
    }
    return Model(kept, model.constraints)


def case_of(row: Row, dtype: str) -> RecurrenceCase:
    """The case of a row."""
    known = {field.name for field in fields(RecurrenceCase)}
    return RecurrenceCase(**{name: row[name] for name in row if name in known}, dtype=dtype)


def _with_jax(name: str, value: str, capabilities: frozenset[str]) -> bool:
    needed = {"forward": {"grad", "forward"}, "reverse": {"grad", "reverse"}}
    match name:
        case "around":
            return AROUND[value].needs <= capabilities
        case "derivative":
            return needed.get(value, set()) <= capabilities
        case "history":
            return value != "after a jitted call" or "jit" in capabilities
        case _:
            return True


def _without_jax(name: str, value: str, capabilities: frozenset[str]) -> bool:
    match name:
        case "around" | "derivative":
            return value in ("nothing", "none")
        case "history":
            return value not in ("after a jitted call", "in two threads")
        case "seed_as" | "hidden_as" | "T_as" | "x_as":
            return "jax" not in value and not value.startswith("jnp")
        case _:
            return True
