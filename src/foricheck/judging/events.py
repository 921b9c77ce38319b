"""The events of a run: one stream that every reporter reads.

Events are plain data: they go from the worker process that calls the target to the process that
reports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from foricheck.evidence.failure import Failure

__all__ = [
    "CaseStarted",
    "Emit",
    "Environment",
    "Event",
    "Header",
    "Progress",
    "RuleFinished",
    "RuleResult",
    "RuleStarted",
    "RunFinished",
    "RunStarted",
    "Status",
    "Verdict",
    "ignore",
]

Status = Literal["passed", "failed", "skipped", "xfailed", "xpassed"]
Verdict = Literal["conformant", "nonconformant", "error"]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment of a run.

    Attributes:
        versions: of packages, by name.
        platform: as text.
        device: as text.
        flags: of JAX and XLA, as environment variables that were set.
        set_back: a line for each flag that was set back, with the reason.
    """

    versions: dict[str, str]
    platform: str
    device: str
    flags: dict[str, str] = field(default_factory=dict)
    set_back: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Header:
    """The head of a report.

    Attributes:
        target: the target as the person named it.
        kind: ``loop`` or ``recurrence``.
        array_namespace: the arrays that the target is called with, see `foricheck.targets.target`.
        capabilities: what the target says it can do.
        environment: versions, platform, device.
        seed: the seed of every draw.
        profile: ``quick``, ``default`` or ``deep``.
        rules: the ids of the rules that will be judged, in order.
        pattern: what selected the rules, ``""`` if all of them are judged.
        lacks: the capabilities that the target was found to lack when tried, with the reason.
    """

    target: str
    kind: str
    array_namespace: str
    capabilities: tuple[str, ...]
    environment: Environment
    seed: int
    profile: str
    rules: tuple[str, ...]
    lacks: dict[str, str] = field(default_factory=dict)
    pattern: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """The result of one rule.

    Attributes:
        id: the rule's id.
        level: ``core``, ``parity`` or ``quirk``.
        sentence: what the rule says.
        status: passed, failed, skipped, xfailed (failed as expected), xpassed (passed although
            a failure was expected, which fails the run).
        cases: how many cases were judged, over all variants.
        seconds: how long it took.
        compilations: how many programs XLA compiled meanwhile.
        cached: how many were found in the cache of compiled programs instead.
        max_ratio: the largest error divided by its bound, where the rule has a bound.
        variants: the variants under which it was judged, as text.
        digest: a fingerprint of the cases; the same cases give the same digest.
        reason: why it was skipped or expected to fail, or ``""``.
        failure: the failure record, if the rule failed.
        left_out: how many cases were left out, over all variants; the reason says why.
        inconclusive: whether it was skipped although the target claims all that it needs: no
            answer came in time.
    """

    id: str
    level: str
    sentence: str
    status: Status
    cases: int = 0
    seconds: float = 0.0
    compilations: int = 0
    cached: int = 0
    max_ratio: float | None = None
    variants: tuple[str, ...] = ()
    digest: str = ""
    reason: str = ""
    failure: Failure | None = None
    left_out: int = 0
    inconclusive: bool = False

    @property
    def fails(self) -> bool:
        """Whether it fails the run: the rule failed, or passed although it was to fail."""
        return self.status in ("failed", "xpassed")


@dataclass(frozen=True)
class RunStarted:
    """A target (of one kind) is about to be judged."""

    header: Header


@dataclass(frozen=True)
class RuleStarted:
    """A rule is about to be judged."""

    rule: str
    sentence: str
    level: str = "core"


@dataclass(frozen=True)
class Progress:
    """A rule is being judged in this variant, with ``cases`` judged so far over all variants."""

    rule: str
    variant: str
    cases: int


@dataclass(frozen=True)
class CaseStarted:
    """A case is about to be judged; emitted only after the target was lost once.

    If the target is lost again, this is the case.
    """

    case: Failure


@dataclass(frozen=True)
class RuleFinished:
    """A rule has been judged."""

    result: RuleResult


@dataclass(frozen=True)
class RunFinished:
    """The run is over.

    Attributes:
        verdict: ``error`` when the run could not be finished.
        reason: why not, or ``""``.
        notes: remarks for the person, a line each.
        seconds: how long the run took by the clock; several rules may be judged at once.
    """

    verdict: Verdict
    reason: str = ""
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0


Event = RunStarted | RuleStarted | Progress | CaseStarted | RuleFinished | RunFinished

Emit = Callable[[Event], None]
"""Receives each event as it happens."""


def ignore(_: Event) -> None:
    """The `Emit` of a run that nobody watches."""
