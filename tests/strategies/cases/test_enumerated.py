"""The cases of loops that rules enumerate: as JSON, and with an exact expected value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from foricheck.cases.from_json import batch_from_json
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import STATIC
from foricheck.oracle.cases.outputs import is_exact
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import all_rules
from foricheck.strategies.cases.histories import expected_of
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference

LONGEST = 10_000
"""The oracle runs no more trips here; rules that have more ask for programs."""


def cases() -> Iterator[Any]:
    """A list of cases for each rule that has one."""
    loop = JaxLoop(reference(), STATIC)
    for rule in all_rules():
        if rule.kind == "loop" and isinstance(rule.draw, Enumerated):
            made = [case for case in rule.draw.batches(loop) if isinstance(case, LoopCase)]
            if made:
                yield pytest.param(made, id=rule.id)


EVERY = pytest.mark.parametrize("made", list(cases()))


@EVERY
def test_each_is_another(made: list[LoopCase]) -> None:
    assert len(set(made)) == len(made)


@EVERY
def test_json_gives_it_back(made: list[LoopCase]) -> None:
    assert [batch_from_json(case.to_json()) for case in made] == made


@EVERY
def test_the_expected_value_is_exact(made: list[LoopCase]) -> None:
    short = [case for case in made if max(case.bounds.trips) <= LONGEST]
    assert all(is_exact(one) for case in short for one in expected_of(case))
