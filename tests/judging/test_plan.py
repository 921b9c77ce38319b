"""The variants that a profile judges."""

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


def test_a_default_run_judges_every_variant() -> None:
    assert variants_of(EVERY_VARIANT, "default") == list(EVERY_VARIANT)


def test_a_quick_run_judges_the_main_variants() -> None:
    assert set(variants_of(EVERY_VARIANT, "quick")) == {TRACED, STATIC, STATIC_JIT, PLAIN}


def test_a_rule_with_one_other_variant_is_judged_in_it() -> None:
    assert variants_of([STATIC_DISABLED], "quick") == [STATIC_DISABLED]


def test_a_rule_without_variants_is_judged_in_none() -> None:
    assert variants_of([], "quick") == []
