"""A plan: which rules a target is judged by, on how many cases, and which failures it expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from foricheck.cases.variants import DEFAULT_VARIANTS, STATIC_JIT, Variant
from foricheck.judging import environment
from foricheck.judging.events import Environment, Header
from foricheck.rules.budget import PROFILES, Budget
from foricheck.rules.draws import Covering
from foricheck.rules.rule import Rule
from foricheck.rules.selection import must_exist, select
from foricheck.targets.target import Target

__all__ = ["Plan", "budget_of", "plan", "variants_of"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The work of a run.

    Attributes:
        target: the implementation under test.
        rules: the rules that it is judged by, in order.
        profile: how many cases are judged.
        seed: of every draw.
        expected: reasons by rule id, for rules that are expected to fail.
        bundled: whether the target is the bundled reference, for which a known deviation that
            is gone is a failure.
        pattern: what selected the rules; None is all of them.
        isolate_cases: whether cases are judged one by one, each announced before.
        shrinks: whether violations are shrunk; those of a rule that is expected to fail never are.
        diagnoses: whether the causes of violations that are shrunk are looked for.
    """

    target: Target
    rules: tuple[Rule, ...]
    profile: str = "default"
    seed: int = 0
    expected: dict[str, str] = field(default_factory=dict)
    bundled: bool = False
    pattern: str | None = None
    isolate_cases: bool = False
    shrinks: bool = True
    diagnoses: bool = True

    @property
    def header(self) -> Header:
        """The head of the report."""
        return Header(
            target=self.target.name,
            kind=" and ".join(sorted(self.target.kinds)),
            array_namespace=self.target.namespace,
            capabilities=tuple(sorted(self.target.capabilities)),
            environment=self._environment,
            seed=self.seed,
            profile=self.profile,
            rules=tuple(rule.id for rule in self.rules),
            lacks=self.target.lacks,
            pattern=self.pattern or "",
        )

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
        RequestError: a part of the pattern matches no rule, or no rule is named as one that is
            expected to fail.
    """
    must_exist(expected or (), what="which is expected to fail")
    return Plan(
        target=target,
        rules=select(pattern, target.kinds),
        pattern=pattern,
        profile=profile,
        seed=seed,
        expected=expected or {},
        bundled=bundled,
    )


def budget_of(rule: Rule, variant: Variant, profile: str) -> Budget:
    """How much of a rule is judged in one variant."""
    budget = rule.budget if variant in DEFAULT_VARIANTS else rule.budget.thinned()
    scale = PROFILES[profile]
    return budget.scaled(scale.rows if isinstance(rule.draw, Covering) else scale.factor)


def variants_of(variants: Sequence[Variant], profile: str) -> list[Variant]:
    """The variants of a rule that a profile judges: one at least, if the rule has any."""
    main = [
        variant
        for variant in variants
        if PROFILES[profile].every_variant or variant in (*DEFAULT_VARIANTS, STATIC_JIT)
    ]
    return main or list(variants)
