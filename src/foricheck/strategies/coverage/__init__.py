"""Covering arrays: rows that together contain every pair or triple of values of dimensions."""

from __future__ import annotations

from foricheck.strategies.coverage.arrays import base_choice, covering_array
from foricheck.strategies.coverage.counting import Coverage, coverage
from foricheck.strategies.coverage.model import Constraint, Model, Row

__all__ = ["Constraint", "Coverage", "Model", "Row", "base_choice", "coverage", "covering_array"]
