"""All rules, in the order in which they are judged."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from foricheck.cases.variants import DEFAULT_VARIANTS, Variant
from foricheck.rules.budget import Budget
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.documents import statement
from foricheck.rules.draws import Draw
from foricheck.rules.rule import Level, Rule

__all__ = ["all_rules", "rule"]

_RULES: dict[str, Rule] = {}

_LONGEST_SENTENCE = 200


def rule(
    id: str,
    level: Level,
    *cites: str,
    draw: Draw,
    catches: tuple[str, ...],
    needs: tuple[str, ...] = (),
    variants: tuple[Variant, ...] = DEFAULT_VARIANTS,
    budget: Budget | None = None,
    reproduction: Callable[[Any], Sequence[Any]] | None = None,
    against: Variant | None = None,
    nested: bool = False,
) -> Callable[[Callable[..., float | None]], Callable[..., float | None]]:
    """Make a property the property of a rule; its docstring is the rule's sentence.

    Args:
        id: chapter and number, such as ``CARRY-03``.
        level: core, parity or quirk.
        cites: ids of the statements of ``conformance/documents.toml`` that it checks, the most
            direct one first; a core rule cites at least one.
        draw: how the cases are made.
        catches: the bugs that the rule finds, in a few words each.
        needs: capabilities without which the rule does not apply.
        variants: the variants under which it is judged.
        budget: how many batches.
        reproduction: from a failed case to the calls that show the failure; by default the case.
        against: the variant that each variant is compared with, if the rule does so.
        nested: whether the body of a case is the body of an inner loop.

    Returns:
        A decorator that registers the rule and returns the property, for pytest to collect.

    Raises:
        ValueError: a cited statement does not exist, two rules have one id, the property is in
            another chapter's module or does not start with a sentence, or `Rule` is refused.
    """
    cited = tuple(statement(each) for each in cites)

    def register(prop: Callable[..., float | None]) -> Callable[..., float | None]:
        if id in _RULES and _RULES[id].prop.__qualname__ != prop.__qualname__:
            raise ValueError(f"two rules have the id {id}")
        made = Rule(
            id=id,
            level=level,
            statements=cited,
            catches=catches,
            needs=frozenset(needs),
            variants=variants,
            draw=draw,
            budget=budget or Budget(),
            prop=prop,
            reproduction=reproduction or _alone,
            against=against,
            nested=nested,
        )
        _check_property(made)
        vars(prop)["foricheck_rule"] = _RULES[id] = made
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


def _check_property(rule: Rule) -> None:
    place = f"conformance/{CHAPTERS[rule.chapter].module}.py"
    if rule.place.partition("::")[0] != place:
        raise ValueError(f"{rule.id}: its property belongs in {place}")
    if not rule.sentence.endswith("."):
        raise ValueError(f"{rule.id}: the property's docstring starts with the rule's sentence")
    if len(rule.sentence) >= _LONGEST_SENTENCE:
        limit = f"{_LONGEST_SENTENCE} characters or more"
        raise ValueError(f"{rule.id}: its sentence has {limit}; move the rest to a new paragraph")


def _alone(case: Any) -> Sequence[Any]:
    return (case,)


def _order(rule: Rule) -> tuple[Any, ...]:
    return list(CHAPTERS).index(rule.chapter), rule.id
