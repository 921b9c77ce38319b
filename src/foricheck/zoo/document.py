"""The declaration of the kill matrix in JSON, which its writer and its reader share."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from foricheck.judging.events import Environment
from foricheck.zoo.matrix import RuleKills
from foricheck.zoo.trials import Cell, Expected

__all__ = ["SCHEMA_VERSION", "Implementation", "ZooDocument"]

SCHEMA_VERSION: Literal[1] = 1


class Implementation(Struct, frozen=True, kw_only=True):
    """One implementation and its trial."""

    name: str
    target: str | None
    kind: str
    group: str
    story: str
    expected: Expected
    declared: tuple[str, ...]
    profile: str
    first_rule: str | None
    seconds: float
    lost: str
    finished: bool
    trouble: str
    cells: tuple[Cell, ...]


class ZooDocument(Struct, frozen=True, kw_only=True):
    """Which rule catches which implementation, as written by ``foricheck zoo --json``."""

    schema: Literal[1]
    environment: Environment
    seeds: tuple[int, ...]
    seconds: float
    finished: bool
    reason: str
    troubles: tuple[str, ...]
    median_seconds: float | None
    rules: tuple[RuleKills, ...]
    implementations: tuple[Implementation, ...]
