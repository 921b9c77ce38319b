"""Derivatives put into leaves, and taken out of them, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foricheck.oracle.cases.jets import Jet, wide

__all__ = ["pulled_back", "seeded", "stacked", "tangent", "without"]

Array = NDArray[Any]
Levels = tuple[int, ...]


def seeded(jet: Jet, level: int, directions: Array) -> Jet:
    """The leaf plus directions times the epsilon of a level, which it does not have yet.

    Args:
        jet: the leaf.
        level: higher than any that the leaf has.
        directions: of shape ``(K, *jet.shape)``.
    """
    return replace(jet, terms=jet.terms | {(level,): wide(directions, jet.dtype)})


def stacked(jets: Sequence[Jet]) -> Jet:
    """Leaves side by side along a new first axis."""
    levels = {levels for jet in jets for levels in jet.terms}
    terms = {each: np.stack(_rows(jets, each), axis=len(each)) for each in levels}
    inexact = any(jet.rounded_derivative for jet in jets)
    return Jet(jets[0].dtype, terms, inexact, _errors(jets))


def _errors(jets: Sequence[Jet]) -> Array | None:
    if all(jet.error is None for jet in jets):
        return None
    errors = (0.0 if jet.error is None else jet.error for jet in jets)
    return np.stack([np.broadcast_to(error, jets[0].shape) for error in errors])


def _rows(jets: Sequence[Jet], levels: Levels) -> list[Array]:
    directions = next(jet.terms[levels].shape[: len(levels)] for jet in jets if levels in jet.terms)
    terms = [(jet, jet.terms.get(levels, jet.zero())) for jet in jets]
    return [np.broadcast_to(term, directions + jet.shape) for jet, term in terms]


def without(jet: Jet, level: int) -> Jet:
    """The leaf as it is where the epsilon of a level is zero."""
    kept = {levels: term for levels, term in jet.terms.items() if level not in levels}
    return replace(jet, terms=kept)


def tangent(jet: Jet, level: int) -> Jet:
    """The derivative in the one direction of a level."""
    terms: dict[Levels, Array] = {(): jet.zero()}
    for levels, term in jet.terms.items():
        if level in levels:
            terms[_without_level(levels, level)] = term.squeeze(levels.index(level))
    return Jet(jet.dtype, terms, jet.rounded_derivative)


def pulled_back(jet: Jet, level: int, cotangent: Array) -> dict[Levels, Array]:
    """A cotangent times the derivative: for the other levels, an array with the directions last."""
    sums: dict[Levels, Array] = {}
    for levels, term in jet.terms.items():
        if level in levels:
            product = term * cotangent
            total = product.sum(axis=tuple(range(len(levels), product.ndim)))
            place = levels.index(level)
            sums[_without_level(levels, level)] = np.moveaxis(total, place, -1)
    return sums


def _without_level(levels: Levels, level: int) -> Levels:
    return tuple(each for each in levels if each != level)
