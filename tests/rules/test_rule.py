"""A rule is validated where it is made: an incomplete one is refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from foricheck.rules.budget import Budget
from foricheck.rules.documents import Source, Statement, statement
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import all_rules, rule
from foricheck.rules.rule import Level, Rule

SAID = statement("fori_loop.carry_type")
LONG = "word " * 40


def property_of(doc: str = "It holds.\n\nWhy.", module: str = "test_carry") -> Callable[[], None]:
    """A property with this docstring in this module of ``foricheck.conformance``."""

    def prop() -> None: ...

    prop.__doc__, prop.__module__ = doc, f"foricheck.conformance.{module}"
    return prop


def make(**changes: Any) -> Rule:
    """A complete rule of the chapter CARRY, with changes."""
    fields: dict[str, Any] = {
        "id": "CARRY-99",
        "level": Level.CORE,
        "statements": (SAID,),
        "catches": ("a bug",),
        "needs": frozenset({"jit"}),
        "variants": all_rules()[0].variants,
        "draw": Enumerated(lambda _: ()),
        "budget": Budget(),
        "prop": property_of(),
        "reproduction": lambda case: (case,),
    }
    return Rule(**fields | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "CARRY-1"}, "CARRY-1: an id is a chapter (ITER, "),
        ({"id": "NOSUCH-01"}, "NOSUCH-01: an id is a chapter"),
        ({"statements": ()}, "a core rule cites a statement of conformance/documents.toml"),
        ({"catches": ()}, "catches names the bugs that it finds"),
        ({"catches": ("a bug", "")}, "catches names the bugs that it finds"),
        ({"needs": frozenset({"jit", "wings"})}, "capabilities that no target can have: wings"),
        ({"variants": ()}, "variants are one or more of"),
        ({"variants": ("traced",)}, "variants are one or more of"),
    ],
)
def test_a_mistake_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"CARRY|NOSUCH") as refused:
        make(**changes)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("prop", "message"),
    [
        (property_of(module="test_iter"), "its property belongs in conformance/test_carry.py"),
        (property_of(""), "the property's docstring starts with the rule's sentence"),
        (property_of("No full stop"), "the property's docstring starts with the rule's sentence"),
        (property_of(f"{LONG}."), "its sentence has 200 characters or more"),
    ],
)
def test_a_property_in_the_wrong_place_or_without_a_sentence_is_refused(
    prop: Callable[[], None], message: str
) -> None:
    register = rule("CARRY-99", Level.PARITY, draw=make().draw, catches=("a bug",))
    with pytest.raises(ValueError, match=f"CARRY-99: {message}"):
        register(prop)


def test_a_core_rule_has_the_source_of_the_first_statement_that_it_cites() -> None:
    assert make().source == SAID.source


def test_a_parity_rule_has_the_released_version_as_its_source() -> None:
    source = make(level=Level.PARITY).source
    assert str(source) == "jax.lax.fori_loop as released (measured behaviour)"


@pytest.mark.parametrize(("id", "kind"), [("CARRY-01", "loop"), ("REC-01", "recurrence")])
def test_the_kind_is_that_of_the_chapter(id: str, kind: str) -> None:
    assert next(rule for rule in all_rules() if rule.id == id).kind == kind


def test_an_unknown_statement_is_refused_with_a_near_one() -> None:
    with pytest.raises(ValueError, match=r"did you mean .*fori_loop\.indices"):
        rule("ITER-99", Level.CORE, "fori_loop.indexes", draw=make().draw, catches=("a bug",))


def test_an_id_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="two rules have the id CARRY-01"):
        rule("CARRY-01", Level.PARITY, draw=make().draw, catches=("a bug",))(property_of())


def test_a_statement_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="ends with a full stop"):
        Statement(id="a.b", document="A", says="no sentence", source=Source("A", "there"))
