"""What a profile judges."""

from __future__ import annotations

from foricheck.cases.variants import (
    EVERY_VARIANT,
    PLAIN,
    STATIC,
    STATIC_DISABLED,
    STATIC_JIT,
    TRACED,
)
from foricheck.judging.plan import variants_of


def test_a_default_run_judges_every_way() -> None:
    assert variants_of(EVERY_VARIANT, "default") == list(EVERY_VARIANT)


def test_a_quick_run_judges_the_main_ways() -> None:
    assert set(variants_of(EVERY_VARIANT, "quick")) == {TRACED, STATIC, STATIC_JIT, PLAIN}


def test_a_rule_of_another_way_alone_is_judged_in_it() -> None:
    assert variants_of([STATIC_DISABLED], "quick") == [STATIC_DISABLED]


def test_a_rule_of_no_way_is_judged_in_none() -> None:
    assert variants_of([], "quick") == []
