"""A plan: which rules a target is judged by, on how many cases, and what is expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from foricheck.cases.variants import DEFAULT_VARIANTS, STATIC_JIT, Variant
from foricheck.evidence.failure import Failure
from foricheck.expected import deviations
from foricheck.judging import environment
from foricheck.judging.events import Environment, Header
from foricheck.rules.budget import PROFILES, Budget
from foricheck.rules.registry import select
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target

__all__ = ["Expectation", "Plan", "budget_of", "expectation", "plan", "variants_of"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run is to do.

    Attributes:
        target: what is judged.
        rules: by what, in order.
        profile: how much of it.
        seed: of every draw.
        expected: reasons by rule id, for rules that are expected to fail.
        bundled: whether the target is the bundled reference, for which a known deviation that
            has gone is a failure.
        isolate_cases: whether each case is told before it is judged.
        shrinks: whether what breaks a rule is made smaller before it is told; never where it is
            expected.
    """

    target: Target
    rules: tuple[Rule, ...]
    profile: str = "default"
    seed: int = 0
    expected: dict[str, str] = field(default_factory=dict)
    bundled: bool = False
    isolate_cases: bool = False
    shrinks: bool = True

    @property
    def header(self) -> Header:
        """What the report says first."""
        return Header(
            target=self.target.name,
            kind=" and ".join(sorted(self.target.kinds)),
            array_namespace=self.target.namespace,
            capabilities=tuple(sorted(self.target.capabilities)),
            environment=self._environment,
            seed=self.seed,
            profile=self.profile,
            rules=tuple(rule.id for rule in self.rules),
        )

    def is_news(self, rule: Rule) -> bool:
        """Whether the person does not expect that the rule fails."""
        return rule.id not in self.expected

    @property
    def _environment(self) -> Environment:
        here = environment.describe(jax=self.target.namespace in ("jax", "engine"))
        return replace(here, versions=here.versions | self.target.versions)


def plan(
    target: Target,
    *,
    pattern: str | None = None,
    profile: str = "default",
    seed: int = 0,
    expected: dict[str, str] | None = None,
    bundled: bool = False,
) -> Plan:
    """A plan with the rules that a pattern selects.

    Raises:
        RequestError: a part of the pattern matches no rule.
    """
    return Plan(
        target=target,
        rules=select(pattern, target.kinds),
        profile=profile,
        seed=seed,
        expected=expected or {},
        bundled=bundled,
    )


@dataclass(frozen=True)
class Expectation:
    """A failure that is expected.

    Attributes:
        reason: why.
        strict: whether passing is then a failure.
    """

    reason: str
    strict: bool


def budget_of(rule: Rule, variant: Variant, profile: str) -> Budget:
    """How much of a rule is judged in one variant."""
    budget = rule.budget if variant in DEFAULT_VARIANTS else rule.budget.thinned()
    return budget.scaled(PROFILES[profile].factor)


def variants_of(variants: Sequence[Variant], profile: str) -> list[Variant]:
    """Those of a rule's variants that a profile judges: at least one."""
    main = [
        variant
        for variant in variants
        if PROFILES[profile].every_variant or variant in (*DEFAULT_VARIANTS, STATIC_JIT)
    ]
    return main or list(variants)


def expectation(
    plan: Plan, rule: Rule, variant: Variant, failure: Failure | None = None
) -> Expectation | None:
    """Whether, and why, a rule is expected to fail when the target is called in this way.

    Args:
        plan: the target, and what the person expects of it.
        rule: the rule.
        variant: the variant.
        failure: how it failed, where it has; another failure than the known one is not expected.
    """
    if rule.id in plan.expected:
        return Expectation(plan.expected[rule.id], strict=True)
    if plan.target.namespace not in ("jax", "engine"):
        return None
    known = deviations.deviations().get(rule.id)
    in_program = plan.target.namespace == "jax" or (known and known.exported)
    if known and in_program and known.is_seen(variant, failure):
        return Expectation(str(known), strict=plan.bundled)
    return None
