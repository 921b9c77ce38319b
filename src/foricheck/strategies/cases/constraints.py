"""The dimensions of a loop with all constraints: which values do not go together."""

from __future__ import annotations

from foricheck.strategies.cases.call_constraints import CALL_CONSTRAINTS
from foricheck.strategies.cases.carry_constraints import CARRY_CONSTRAINTS
from foricheck.strategies.cases.dimensions import DIMENSIONS
from foricheck.strategies.coverage import Model

__all__ = ["MODEL"]

MODEL = Model(DIMENSIONS, (*CALL_CONSTRAINTS, *CARRY_CONSTRAINTS))
"""Dimensions and constraints."""
