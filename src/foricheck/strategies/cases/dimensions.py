"""What a case of a loop varies: the dimensions, and their values; the first of each is neutral."""

from __future__ import annotations

from foricheck.cases.loop_case import Around, Effect, Step, Unroll
from foricheck.programs.typed.instructions import FORMS

__all__ = ["CLOSURES", "CONTROLS", "DIMENSIONS", "DTYPES", "EFFECTS", "INSIDE", "OUTSIDE", "SHAPES"]
__all__ += ["STEPS", "TRANSFORMED", "UNROLLS"]

_UPPER = (0, 2, -200)
_LOWER = (1, -2, 100)

_MAPS = {
    "vmap carry": (Around("vmap", ("carry",), (0, 0, 0)),),
    "vmap closure": (Around("vmap", ("closure",), (0, 0)),),
    "vmap upper": (Around("vmap", ("upper",), _UPPER),),
    "vmap lower": (Around("vmap", ("lower",), _LOWER),),
    "vmap bounds": (Around("vmap", ("lower", "upper"), (0, -3, 2)),),
    "vmap all": (Around("vmap", ("carry", "closure", "upper"), _UPPER),),
    "vmap upper, vmap carry": (
        Around("vmap", ("upper",), _UPPER),
        Around("vmap", ("carry",), (0, 0, 0)),
    ),
    "vmap, no out axis": (Around("vmap out none", ("spare",), (0, 0)),),
    "map carry": (Around("map", ("carry",), (0, 0)),),
}

TRANSFORMED = {
    "nothing": (),
    "ahead": (Around("ahead"),),
    "donate": (Around("donate"),),
    "disable_jit": (Around("disable_jit"),),
    **_MAPS,
    "jvp carry": (Around("jvp", ("carry",), largest=4097.0),),
    "jvp both": (Around("jvp", ("carry", "closure"), largest=4097.0),),
    "linearize both": (Around("linearize", ("carry", "closure"), largest=4097.0),),
    "vjp carry": (Around("vjp", ("carry",), largest=4097.0),),
    "vjp closure": (Around("vjp", ("closure",), largest=4097.0),),
    "vjp both": (Around("vjp", ("carry", "closure"), largest=4097.0),),
    "vjp half closure": (Around("vjp", ("closure",)),),
}
"""The transformations of the function that calls the loop."""

OUTSIDE = {
    "nothing": (),
    "cond": (Around("cond"),),
    "scan closure": (Around("scan", ("closure",), (0, 0)),),
    "scan upper": (Around("scan", ("upper",), (0, -1, 2)),),
    "vmap closure": _MAPS["vmap closure"],
    "vmap upper": _MAPS["vmap upper"],
    "jvp closure": (Around("jvp", ("closure",)),),
    "vjp closure": (Around("vjp", ("closure",)),),
    "checkpoint": (Around("checkpoint"),),
}
"""What is around those transformations."""

INSIDE = {
    "nothing": (),
    "together": (Around("together"),),
    "chained": (Around("chained"),),
    "cond": (Around("cond"),),
    "checkpoint": (Around("checkpoint"),),
    "scan closure": (Around("scan", ("closure",), (0, 0)),),
    "vmap carry": _MAPS["vmap carry"],
}
"""What is between those transformations and the loop: two loops, or other control flow."""

DTYPES = {
    "int32 float32": ("int32", "float32"),
    "float32": ("float32",),
    "int32": ("int32",),
    "int8 uint8": ("int8", "uint8"),
    "uint32 int16": ("uint32", "int16"),
    "float16": ("float16",),
    "bfloat16 float32": ("bfloat16", "float32"),
    "float32 float16": ("float32", "float16"),
    "complex64": ("complex64",),
    "bool int32": ("bool", "int32"),
    "key float32": ("key", "float32"),
    "int4 uint4": ("int4", "uint4"),
    "seven": ("int32", "uint32", "float32", "complex64", "bool", "bfloat16", "key"),
}
"""The dtypes of the leaves, in turn."""

SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "3": ((3,),),
    "scalar": ((),),
    "1": ((1,),),
    "0": ((0,),),
    "2 × 3": ((2, 3),),
    "17": ((17,),),
    "129": ((129,),),
    "2 × 129": ((2, 129),),
    "1 × 1 × 1": ((1, 1, 1),),
    "rank 5": ((2, 1, 3, 1, 2),),
    "rank 7": ((1, 2, 1, 2, 1, 2, 1),),
    "0 × 3": ((0, 3),),
    "mixed": ((), (3,), (2, 2), (1,), (5, 1), (0,), (2, 3, 1)),
}
"""The shapes of the leaves, in turn."""

STEPS: dict[str, tuple[Step, ...]] = {
    "affine": (Step("affine"),),
    "nothing": (),
    **{op: (Step(op),) for op in ("double", "negate", "reverse", "gather", "scaled")},
    **{op: (Step("affine"), Step(op)) for op in ("window", "transpose", "turned", "matrix")},
    **{op: (Step("affine"), Step(op)) for op in ("reduce", "half", "table", "random", "initial")},
    **{op: (Step(op), Step("affine")) for op in ("custom", "stopped", "broadcast", "narrow")},
    "square at 1": (Step("square at", number=1),),
    "double at the last": (Step("double at", number=-1),),
    "every other unread": (Step("affine"), Step("constant", leaf=0)),
    "every other constant": (Step("affine"), Step("one", leaf=0)),
}
"""What an iteration does to the leaves."""

CONTROLS: dict[str, tuple[Step, ...]] = {
    "none": (),
    **{op: (Step(op),) for op in ("cond", "switch", "while", "scan", "twice nested", "triangle")},
    "cond square": (Step("cond square", number=1),),
    "nested": (Step("nested", number=1),),
    "nested thrice": (Step("nested", number=3),),
}
"""The control flow inside an iteration, after that."""

EFFECTS: dict[str, tuple[Effect, ...]] = {
    "none": (),
    "ordered": (Effect("ordered"),),
    "ordered, no operands": (Effect("ordered", "none"),),
    "unordered": (Effect("unordered"),),
    "unordered, no operands": (Effect("unordered", "none"),),
    "debug": (Effect("debug"),),
    "debug ordered": (Effect("debug ordered"),),
    "print": (Effect("print"),),
    "two ordered": (Effect("ordered", "index"), Effect("ordered")),
}
"""The callbacks that an iteration makes."""

CLOSURES = ("float32", "float16", "bfloat16")
"""The dtype of the array of three that the body closes over."""

UNROLLS: dict[str, Unroll] = {
    "absent": "absent",
    **{str(value): value for value in (None, False, True, 0, 1, 2, 3, 4, 9, 64)},
    "trips": "trips",
}
"""The keyword ``unroll``; ``trips`` is as many as the loop has."""

DIMENSIONS: dict[str, tuple[object, ...]] = {
    "transformed": tuple(TRANSFORMED),
    "given": (
        *("python", "traced", "numpy", "0-d", "array", "python lower", "traced upper"),
        "traced lower",
    ),
    "outside": tuple(OUTSIDE),
    "inside": tuple(INSIDE),
    "jit": ("none", "outside", "inside", "both"),
    "bound": ("int32", "int8", "uint32", "int16", "uint8"),
    "lower": ("zero", "one", "minus one", "minus five", "seven", "highest", "lowest"),
    "trips": (3, 0, 1, 2, 5, 8, 9, 17, 33, -1, -7),
    "unroll": tuple(UNROLLS),
    "container": (
        *("tuple", "leaf", "list", "one", "dict", "ordered dict", "named tuple", "nested"),
        *("None inside", "empty", "no leaves", "tagged", "checked"),
    ),
    "leaves": (4, 1, 2, 3, 5, 17, 33),
    "dtypes": tuple(DTYPES),
    "shape": tuple(SHAPES),
    "values": (
        *("small", "negative", "infinite", "nan", "negative zero", "highest", "lowest"),
        *("subnormal", "zero"),
    ),
    "leaf given": ("array", "numpy", "strided", "fortran", "read-only", "wide", "python"),
    "sharing": ("apart", "one object"),
    "moves": (
        *("stay", "rotate", "rotate old", "all old", "every other old", "duplicate", "mix"),
        *("swap with old", "shift old"),
    ),
    "step": tuple(STEPS),
    "control": tuple(CONTROLS),
    "closure": CLOSURES,
    "form": FORMS,
    "effect": tuple(EFFECTS),
    "history": (
        *("once", "twice", "look-alike", "after a raise", "other trips", "other values"),
        *("other dtype", "other unroll", "thread", "two threads", "four bodies"),
    ),
    "style": ("positional", "keywords"),
    "context": ("none", "strict promotion", "debug nans", "rbg keys", "second device"),
}
"""The table. `foricheck.strategies.cases.building` makes a case of a row."""
