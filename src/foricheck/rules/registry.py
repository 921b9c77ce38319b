"""The rules that there are, in the order in which they are judged."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from foricheck.cases.variants import DEFAULT_VARIANTS, Variant
from foricheck.errors import RequestError
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Draw
from foricheck.rules.rule import Kind, Level, Rule, chapter
from foricheck.rules.sources import Source

__all__ = ["CHAPTERS", "all_rules", "rule", "select"]

_RULES: dict[str, Rule] = {}

_CHAPTERS: dict[str, Kind] = {
    "ITER": "loop",
    "BOUND": "loop",
    "CARRY": "loop",
    "UNROLL": "loop",
    "TRACE": "loop",
    "GRAD": "loop",
    "XFORM": "loop",
    "ERROR": "loop",
    "MODULE": "loop",
    "REC": "recurrence",
}

CHAPTERS = tuple(_CHAPTERS)
"""The chapters of the specification, in its order."""


def rule(
    id: str,
    level: Level,
    source: Source,
    *,
    draw: Draw,
    catches: tuple[str, ...],
    needs: tuple[str, ...] = (),
    variants: tuple[Variant, ...] = DEFAULT_VARIANTS,
    budget: Budget | None = None,
    shown: Callable[[Any], Sequence[Any]] | None = None,
    against: Variant | None = None,
    nested: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a property the property of a rule; its docstring is the rule's sentence.

    Args:
        id: chapter and number, such as ``CARRY-03``.
        level: core, parity or quirk.
        source: where it is said.
        draw: how the cases are made.
        catches: the bugs that the rule finds, in a few words each.
        needs: capabilities without which the rule says nothing.
        variants: the variants under which it is judged.
        budget: how many batches.
        shown: from a failed case to the calls that show the failure; by default the case.
        against: the variant that each way is compared with, if the rule does so.
        nested: whether the body of a case is the body of an inner loop.

    Returns:
        A decorator that registers the rule and gives the property back, as pytest collects it.
    """

    def register(prop: Callable[..., None]) -> Callable[..., None]:
        if id in _RULES and _RULES[id].prop.__qualname__ != prop.__qualname__:
            raise ValueError(f"two rules have the id {id}")
        _RULES[id] = Rule(
            id=id,
            kind=_CHAPTERS[chapter(id)],
            level=level,
            source=source,
            catches=catches,
            needs=frozenset(needs),
            variants=variants,
            draw=draw,
            budget=budget or Budget(),
            prop=prop,
            shown=shown or _alone,
            against=against,
            nested=nested,
        )
        vars(prop)["foricheck_rule"] = _RULES[id]
        return prop

    return register


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule, chapter by chapter."""
    package = importlib.import_module("foricheck.conformance")
    for module in pkgutil.iter_modules(package.__path__, "foricheck.conformance."):
        if module.name.rpartition(".")[2].startswith("test_"):
            importlib.import_module(module.name)
    return tuple(sorted(_RULES.values(), key=_order))


def select(pattern: str | None, kinds: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that a person asked for.

    Args:
        pattern: ids or chapters, comma separated; None is every rule that is not a quirk.
        kinds: what the target claims to be.

    Raises:
        RequestError: a part of the pattern matches no rule.
    """
    judged = [rule for rule in all_rules() if rule.kind in kinds]
    if pattern is None:
        return tuple(rule for rule in judged if rule.level is not Level.QUIRK)
    wanted = [part.strip().upper() for part in pattern.split(",") if part.strip()]
    if not wanted:
        raise RequestError("no rule is named; there are ids such as ITER-01, and chapters")
    for part in wanted:
        if not any(_matches(rule, part) for rule in judged):
            raise RequestError(f"no rule for a {' or '.join(sorted(kinds))} matches {part!r}")
    return tuple(rule for rule in judged if any(_matches(rule, part) for part in wanted))


def _matches(rule: Rule, part: str) -> bool:
    return part == rule.id or (part == rule.chapter and rule.level is not Level.QUIRK)


def _alone(case: Any) -> Sequence[Any]:
    return (case,)


def _order(rule: Rule) -> tuple[Any, ...]:
    return list(_CHAPTERS).index(rule.chapter), rule.id
