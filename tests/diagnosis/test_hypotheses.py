"""Hypotheses: no two have the same words, the right behaviour is none, and each explains itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foricheck.diagnosis.choosing import the_only_one
from foricheck.diagnosis.loops.leaves import of_leaves
from foricheck.diagnosis.loops.ranges import RANGES
from foricheck.diagnosis.recurrences.hypotheses import HYPOTHESES


def test_no_two_mistakes_of_a_recurrence_have_the_same_words() -> None:
    assert len({each.words for each in HYPOTHESES}) == len(HYPOTHESES)


def test_no_two_mistakes_of_a_range_have_the_same_words() -> None:
    assert len({each.words for each in RANGES}) == len(RANGES)


@pytest.mark.parametrize("wrong", RANGES, ids=lambda each: each.words)
def test_no_wrong_range_is_the_right_one(wrong: Any) -> None:
    bounds = [(lower, upper) for lower in range(-2, 4) for upper in range(-3, 14)]
    for indices in wrong.indices:
        assert any(list(indices(*each)) != list(range(*each)) for each in bounds)


def test_two_hypotheses_that_explain_everything_are_no_cause() -> None:
    assert the_only_one([int, float], ["1", "2"], lambda each, text: each(text) > 0) is None


def test_a_hypothesis_that_fails_once_is_no_cause() -> None:
    assert the_only_one([int], ["1", "-1"], lambda each, text: each(text) > 0) is None


A, B = np.arange(3, dtype=np.float32), np.arange(3, 6, dtype=np.float32)


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ((A, B), (B, A), "Leaves are exchanged: [0] holds what belongs to [1]"),
        ((A, B), [A, B], "The container of the carry changes: a list comes back, not a tuple"),
        ((A, B), (A, B.astype(np.float64)), "The dtype of [1] changes, from float32 to float64"),
        ((A, B), (A, B[None]), "The shape of [1] changes, from [3] to [1, 3]"),
        ((A, B), (A * 0, B * 0), "Every leaf comes back as zeros"),
        (A + 300, (A + 300).astype(np.float16).astype(np.float32) + 0, ""),
        (np.float32([1 / 3, 0.1]), np.float32(np.float16([1 / 3, 0.1])), "go through float16"),
        (np.float32([-0.0]), np.float32([0.0]), "The sign of zero is lost"),
        (np.int32([70_000, 65_540]), np.int32([4464, 4]), "Integers are kept in 16 bits"),
        ((A, B), (A, B + 1), ""),
    ],
)
def test_what_became_of_the_leaves(expected: Any, got: Any, words: str) -> None:
    told = of_leaves(expected, got)
    assert words in told if words else told == ""


def test_a_carry_that_comes_back_as_it_was() -> None:
    assert of_leaves((A + 1, B + 2), (A, B), (A, B)) == "The initial carry comes back unchanged."


def test_a_leaf_that_comes_back_as_it_was() -> None:
    told = of_leaves((A + 1, B + A), (A + 1, B), (A, B))
    assert told == "[1] comes back as it was at the start; the other leaves are right."
