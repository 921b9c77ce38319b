"""Historic defects: bugs of released versions, found again by the rules.

``python -m foricheck.conformance.history`` judges the installed ``jax.lax.fori_loop`` by the rules
of each defect in ``history.toml`` that names an environment with the installed versions. It exits
with 1 if a rule fails or passes unexpectedly, and with 2 if no environment has these versions.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event, RuleResult
from foricheck.report.report import Report
from foricheck.targets import distributions
from foricheck.targets.jax import config
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec

__all__ = ["Defect", "Outcome", "defects", "environments", "judged", "main"]

_VIOLATED = ("failed", "xfailed")
"""Known deviations count as violations."""

_MAX_WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class Defect:
    """A bug, or a difference in behaviour, of released versions.

    Attributes:
        id: its name.
        what: the wrong behaviour, in a sentence.
        rules: the rules that each detect it.
        fails: the environments in which they fail.
        passes: the environments in which they pass.
        upstream: the issue or pull request, or ``""``.
        case: the minimal case.
    """

    id: str
    what: str
    rules: tuple[str, ...]
    fails: tuple[str, ...]
    passes: tuple[str, ...]
    upstream: str
    case: str


@dataclass(frozen=True)
class Outcome:
    """The result of one rule of a defect, and whether it was expected to fail."""

    defect: Defect
    rule: str
    fails: bool
    result: RuleResult

    @property
    def failed(self) -> bool:
        """Whether the property was violated."""
        return self.result.status in _VIOLATED

    @property
    def observed(self) -> str:
        """``fails``, ``passes``, or the status of a rule that was not judged."""
        passed = self.result.status in ("passed", "xpassed")
        return "fails" if self.failed else "passes" if passed else self.result.status

    @property
    def as_expected(self) -> bool:
        """Whether the rule failed or passed as expected; a skipped rule did neither."""
        return self.observed == ("fails" if self.fails else "passes")


def defects() -> tuple[Defect, ...]:
    """The defects, in the order of the versions."""
    return tuple(map(_defect, _table()["piece"]))


def environments() -> dict[str, dict[str, str]]:
    """The library versions of each environment."""
    found: dict[str, dict[str, str]] = _table()["environments"]
    return found


def judged(names: set[str]) -> Iterator[Outcome]:
    """Judge the defects that name one of these environments."""
    for defect in defects():
        if names & {*defect.fails, *defect.passes}:
            for rule in defect.rules:
                yield Outcome(defect, rule, bool(names & {*defect.fails}), _result(rule))


def main(arguments: list[str] | None = None) -> int:
    """Judge, and print one line for each rule of each defect."""
    parser = argparse.ArgumentParser(prog="python -m foricheck.conformance.history")
    parser.add_argument("--markdown", action="store_true", help="print rows of a table")
    markdown = parser.parse_args(arguments).markdown
    config.force_host_devices()
    names = _installed_environments()
    if not names:
        print("no environment of history.toml has the versions installed here", file=sys.stderr)
        return 2
    as_expected = True
    for outcome in judged(names):
        print(_row(outcome) if markdown else _line(outcome), flush=True)
        as_expected = as_expected and outcome.as_expected
    return 0 if as_expected else 1


def _table() -> dict[str, Any]:
    text = resources.files("foricheck.conformance").joinpath("history.toml").read_text()
    return tomllib.loads(text)


def _defect(entry: dict[str, Any]) -> Defect:
    listed = {key: tuple(entry[key]) for key in ("rules", "fails", "passes")}
    return Defect(**(entry | listed))


def _installed_environments() -> set[str]:
    """The environments whose versions are installed."""
    return {
        name
        for name, versions in environments().items()
        if all(distributions.version(library) == version for library, version in versions.items())
    }


def _result(rule: str) -> RuleResult:
    events: list[Event] = []
    target = load(TargetSpec("jax.lax:fori_loop"))
    running.run(planning.plan(target, pattern=rule), events.append)
    (result,) = Report.of(events).results
    return result


def _line(outcome: Outcome) -> str:
    said = "fails" if outcome.fails else "passes"
    verdict = "as expected" if outcome.as_expected else f"UNEXPECTED: should be {said}"
    head = (
        f"{outcome.defect.id}: {outcome.rule} {outcome.observed}, {verdict} ({_versions(outcome)})"
    )
    return "\n".join([head, *(f"    {line}" for line in _details(outcome))])


def _row(outcome: Outcome) -> str:
    detail = "".join(_details(outcome)[-1:])
    if len(detail) > _MAX_WIDTH:
        detail = f"{detail[: _MAX_WIDTH - 1]}…"
    cells = (outcome.defect.id, outcome.rule, _versions(outcome), outcome.observed, detail)
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _versions(outcome: Outcome) -> str:
    """The version of the library with the defect."""
    library = "flax" if outcome.rule.startswith("MODULE") else "jax"
    return f"{library} {distributions.version(library)}"


def _details(outcome: Outcome) -> list[str]:
    """The failed case and the difference, or why the rule was skipped."""
    failure = outcome.result.failure
    if failure is None:
        return [outcome.result.reason] if outcome.result.status == "skipped" else []
    expected = "" if failure.why == "raised" else f", not {failure.expected}"
    return [*failure.case.splitlines(), " ".join(f"{failure.got}{expected}".split())]


if __name__ == "__main__":
    sys.exit(main())
