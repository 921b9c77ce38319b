"""A run as a person requests it: the target, and how to judge it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foricheck.errors import check_choice
from foricheck.rules.budget import PROFILES
from foricheck.targets.spec import TargetSpec

if TYPE_CHECKING:
    from foricheck.judging.plan import Plan
    from foricheck.targets.target import Target

__all__ = ["Request"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """The request for one run.

    Attributes:
        spec: the target; by default the bundled reference.
        profile: a name of `foricheck.rules.budget.PROFILES`.
        rules: ids, chapters or globs, comma separated, ``-ID`` to leave out; None is every rule
            that is not a quirk.
        seed: the seed of every draw.
        timeout: seconds of silence after which the target counts as hung.
        time_limit: seconds after which the run ends, whatever is not judged by then; None is never.
        jobs: how many processes judge at once; None is several on a CPU of several cores.
        expected: reasons by rule id, for rules that are expected to fail.

    Raises:
        RequestError: the profile is unknown.
    """

    spec: TargetSpec = field(default_factory=TargetSpec)
    profile: str = "default"
    rules: str | None = None
    seed: int = 0
    timeout: float = 60.0
    time_limit: float | None = None
    jobs: int | None = None
    expected: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("profile", self.profile, PROFILES)

    def plan(self, target: Target, *, bundled: bool) -> Plan:
        """The plan for judging the loaded target.

        Args:
            target: of the request.
            bundled: whether it is the bundled reference.

        Raises:
            RequestError: the rules select nothing.
        """
        from foricheck.judging import plan as planning  # it loads the rules, and NumPy with them

        return planning.plan(
            target,
            pattern=self.rules,
            profile=self.profile,
            seed=self.seed,
            expected=self.expected,
            bundled=bundled,
        )

    def rules_of(self, kind: str) -> tuple[str, ...]:
        """The ids of the rules that a target of this kind, or of both, is judged by."""
        from foricheck.rules.selection import select  # likewise

        selected = select(self.rules, frozenset(kind.split(" and ")))
        return tuple(rule.id for rule in selected)
