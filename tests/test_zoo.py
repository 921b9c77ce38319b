"""The suite on trial: every wrong implementation is caught, no right one is accused."""

from __future__ import annotations

from collections.abc import Iterator

import jax
import pytest

from foricheck import planning, running
from foricheck.conformance.zoo import Member, members
from foricheck.events import Event
from foricheck.report import Report
from foricheck.request import Request
from foricheck.rules.registry import all_rules
from foricheck.targets.loading import load

pytestmark = pytest.mark.zoo

WRONG = [member for member in members() if not member.right]
WRONG_AS_JAX_IS = ("single_trip_stays_rolled", "true_ignored_with_traced_bounds")
"""Members that break a rule in the very way in which JAX does: that is expected of them."""

RIGHT = [member for member in members() if member.right]


@pytest.fixture(autouse=True)
def _forget_programs() -> Iterator[None]:
    """Thousands of programs are compiled here, and JAX keeps them all."""
    yield
    jax.clear_caches()


def judged(member: Member, *, rules: str | None = None, profile: str = "default") -> Report:
    plan = planning.plan(load(Request(target=member.path)), pattern=rules, profile=profile)
    events: list[Event] = []
    running.run(plan, events.append)
    return Report.of(events)


@pytest.mark.parametrize("member", WRONG, ids=lambda member: member.path.rpartition(".")[2])
def test_the_rules_that_should_catch_a_wrong_implementation_do(member: Member) -> None:
    report = judged(member, rules=",".join(member.caught_by))
    caught = ("failed", "xfailed") if member.name in WRONG_AS_JAX_IS else ("failed",)
    assert {rule.id for rule in report.results if rule.status in caught} == set(member.caught_by)


@pytest.mark.parametrize("member", RIGHT, ids=lambda member: member.path.rpartition(".")[2])
def test_a_right_implementation_passes(member: Member) -> None:
    report = judged(member, profile="quick")
    assert report.conformant, report


def test_every_rule_catches_a_wrong_implementation() -> None:
    caught = {rule for member in WRONG for rule in member.caught_by}
    assert {rule.id for rule in all_rules()} - caught == set()
