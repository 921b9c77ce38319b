"""Rows of cases: every pair is covered, no constraint is broken, each row is about one thing."""

from __future__ import annotations

from collections import Counter

import pytest

from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.numbers import holds
from foricheck.strategies.coverage import Row
from foricheck.strategies.limits import RecurrenceLimits
from foricheck.strategies.rec.dimensions import CONSTRAINTS, full_model, model_of
from foricheck.strategies.rec.rows import TOPICS, coverage_of, rows_about, simpler, topic

from ..draws import jax_recurrence


@pytest.fixture(scope="module")
def rec() -> RecurrenceLimits:
    return jax_recurrence()


@pytest.fixture(scope="module")
def rows(rec: RecurrenceLimits) -> list[RecurrenceCase]:
    return [case for name in TOPICS for case in rows_about(name)(rec)]


def test_no_row_is_listed_twice(rows: list[RecurrenceCase]) -> None:
    assert max(Counter(rows).values()) == 1


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_rows(rec: RecurrenceLimits, name: str) -> None:
    assert list(rows_about(name)(rec))


def test_every_possible_pair_is_covered(rec: RecurrenceLimits) -> None:
    assert [found.share for found in coverage_of(rec)] == [1.0, 1.0]


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda each: each.why)
def test_no_row_breaks_a_constraint(rows: list[RecurrenceCase], constraint: object) -> None:
    broken: list[Row] = [
        case.row()
        for case in rows
        if not constraint.holds(case.row())  # type: ignore[attr-defined]
    ]
    assert broken == []


def test_every_number_is_one_of_its_type(rows: list[RecurrenceCase]) -> None:
    assert all(holds(case.seed, case.seed_as) and holds(case.T, case.T_as) for case in rows)


@pytest.mark.parametrize("seed", [2**32 + 5, -1, -2, 2**63 - 1, -(2**63), 7.5])
def test_seeds_at_the_edges_are_judged(rows: list[RecurrenceCase], seed: float) -> None:
    assert seed in {case.seed for case in rows}


def test_simpler_cases_are_about_the_same(rows: list[RecurrenceCase]) -> None:
    assert all(topic(each) == topic(case) for case in rows[::9] for each in simpler(case))


def test_the_neutral_case_has_nothing_simpler() -> None:
    assert list(simpler(RecurrenceCase())) == []


def test_a_target_without_tracing_is_asked_nothing_traced() -> None:
    able = frozenset({"jit", "vmap", "grad", "reverse"})
    around = model_of(able, "jax", "float32").dimensions["around"]
    assert [name for name in around if "T" in name or "seed" in name or "all" in name] == []


def test_a_target_without_jit_is_not_traced() -> None:
    assert model_of(frozenset({"refuse"}), "jax", "float32").dimensions["around"] == ("nothing",)


def test_a_target_over_numpy_is_given_no_jax() -> None:
    model = model_of(frozenset(), "numpy", "float32")
    assert not [
        value for values in model.dimensions.values() for value in values if "j" in str(value)[:3]
    ]


def test_the_full_model_has_every_dimension_varied() -> None:
    assert all(len(values) > 1 for values in full_model("float32").dimensions.values())
