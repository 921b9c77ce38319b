"""The rules on the recurrence are sharp at every hidden size, not only at those they draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from foricheck.conformance.zoo import recurrence as zoo
from foricheck.core import fori_loop_recurrence
from foricheck.evidence import Violation
from foricheck.rules.registry import all_rules
from foricheck.strategies import recurrences
from foricheck.strategies.choices import spread
from foricheck.targets.loading import of_callable
from foricheck.targets.subjects import Subjects
from foricheck.ways import TRACED

HIDDEN = (2, 3, 5, 8, 16, 31, 64, 100, 128, 200, 256, 400, 512)
CASES = 8


def ratio(recurrence: Callable[..., Any], hidden: int) -> float:
    """The largest ratio of error to bound that REC-02 meets at one hidden size."""
    subject = Subjects(of_callable(recurrence, kind="recurrence")).one("recurrence", TRACED)
    subject.lanes = CASES
    (rule,) = (rule for rule in all_rules() if rule.id == "REC-02")
    rule.prop(subject, recurrences.long(hidden, spread(0, CASES, recurrences.CASE)))
    assert subject.max_ratio is not None
    return subject.max_ratio


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("mutant", [zoo.product_in_bfloat16, zoo.tanh_off_by_1e4])
def test_an_inaccurate_step_is_caught(mutant: Callable[..., Any], hidden: int) -> None:
    with pytest.raises(Violation):
        ratio(mutant, hidden)


@pytest.mark.parametrize("hidden", [1, *HIDDEN])
def test_the_bound_is_kept_by_the_reference_and_approached(hidden: int) -> None:
    assert 0.05 < ratio(fori_loop_recurrence, hidden) < 1
