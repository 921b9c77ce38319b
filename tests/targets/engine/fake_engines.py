"""Engines that are XLA after all, and wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from foricheck.cases.batch import Array
from foricheck.targets.engine.engine import Engine, Program

__all__ = [
    "engine",
    "failing",
    "one_trip_more",
    "refusing",
    "refusing_later",
    "right",
    "without",
    "without_signs",
]


def engine(
    convert: Callable[..., Program], *, lanes: int = 4, modules: tuple[str, ...] = ()
) -> Any:
    return Engine(name="a fake", modules=modules, convert=convert, lanes=lanes, extra="fake")


def right(function: Callable[..., list[Any]], *examples: Any) -> Program:
    compiled = jax.jit(function)
    return lambda *leaves: [np.asarray(leaf) for leaf in compiled(*leaves)]


def one_trip_more(function: Callable[..., list[Any]], *examples: Any) -> Program:
    """Where the arguments are the bounds, and a carry after them."""
    program = right(function, *examples)
    if len(examples) == 1:
        return program
    return lambda lower, upper, *rest: program(lower, upper + 1, *rest)


def without_signs(function: Callable[..., list[Any]], *examples: Any) -> Program:
    """Every zero is positive."""
    program = right(function, *examples)

    def unsigned(leaf: Array) -> Array:
        return leaf + leaf.dtype.type(0)

    return lambda *leaves: [unsigned(leaf) for leaf in program(*leaves)]


def refusing(function: Callable[..., list[Any]], *examples: Any) -> Program:
    raise NotImplementedError("no program is good enough\n  at line 1")


def refusing_later() -> Callable[..., Program]:
    """What takes a first program, to show that it runs, and then no other."""
    taken: list[object] = []

    def convert(function: Callable[..., list[Any]], *examples: Any) -> Program:
        if taken:
            raise NotImplementedError("no more")
        taken.append(function)
        return right(function, *examples)

    return convert


def without(text: str, then: Callable[..., Program] = right) -> Callable[..., Program]:
    """What cannot convert programs whose jaxpr has this text."""

    def convert(function: Callable[..., list[Any]], *examples: Any) -> Program:
        if text in str(jax.make_jaxpr(function)(*examples)):
            raise NotImplementedError(f"{text!r} is not supported")
        return then(function, *examples) if len(examples) > 1 else right(function, *examples)

    return convert


def failing(function: Callable[..., list[Any]], *examples: Any) -> Program:
    """It takes every program and runs none."""

    def run(*leaves: Any) -> list[Array]:
        if np.ndim(leaves[0]) or len(leaves) > 1:
            raise RuntimeError("out of luck")
        return [leaves[0]]

    return run
