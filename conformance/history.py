"""Real history: what released versions did wrong, found again by the rules.

``python -m foricheck.conformance.history`` judges ``jax.lax.fori_loop``, of the versions that are
installed, by the rules of each piece in ``history.toml`` that names an environment with these
versions. It exits with 1 if a rule fails or passes otherwise than the piece says, and with 2 if no
environment has these versions.
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

__all__ = ["Outcome", "Piece", "environments", "judged", "main", "pieces"]

_VIOLATED = ("failed", "xfailed")
"""A known deviation is a violation too."""

_WIDEST = 100


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing that released versions did wrong, or differently.

    Attributes:
        id: its name.
        what: what was wrong, in a sentence.
        rules: the rules that find it, each by itself.
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
    """A rule of a piece in one environment: whether it was to fail, and what came of it."""

    piece: Piece
    rule: str
    fails: bool
    result: RuleResult

    @property
    def failed(self) -> bool:
        """Whether the property was violated."""
        return self.result.status in _VIOLATED

    @property
    def came(self) -> str:
        """What happened, as a word."""
        held = self.result.status in ("passed", "xpassed")
        return "fails" if self.failed else "passes" if held else self.result.status

    @property
    def as_said(self) -> bool:
        """Whether it is what the piece says; a rule that was skipped is neither."""
        return self.came == ("fails" if self.fails else "passes")


def pieces() -> tuple[Piece, ...]:
    """The pieces, in the order of the versions."""
    return tuple(map(_piece, _table()["piece"]))


def environments() -> dict[str, dict[str, str]]:
    """The versions that each environment has."""
    found: dict[str, dict[str, str]] = _table()["environments"]
    return found


def judged(names: set[str]) -> Iterator[Outcome]:
    """Judge the pieces that say something of one of these environments."""
    for piece in pieces():
        if names & {*piece.fails, *piece.passes}:
            for rule in piece.rules:
                yield Outcome(piece, rule, bool(names & {*piece.fails}), _result(rule))


def main(arguments: list[str] | None = None) -> int:
    """Judge and print a line for each rule of each piece."""
    parser = argparse.ArgumentParser(prog="python -m foricheck.conformance.history")
    parser.add_argument("--markdown", action="store_true", help="print rows of a table")
    markdown = parser.parse_args(arguments).markdown
    config.force_host_devices()
    names = _here()
    if not names:
        print("no environment of history.toml has the versions installed here", file=sys.stderr)
        return 2
    as_said = True
    for outcome in judged(names):
        print(_row(outcome) if markdown else _line(outcome), flush=True)
        as_said = as_said and outcome.as_said
    return 0 if as_said else 1


def _table() -> dict[str, Any]:
    text = resources.files("foricheck.conformance").joinpath("history.toml").read_text()
    return tomllib.loads(text)


def _piece(entry: dict[str, Any]) -> Piece:
    listed = {key: tuple(entry[key]) for key in ("rules", "fails", "passes")}
    return Piece(**(entry | listed))


def _here() -> set[str]:
    """The environments whose versions are installed."""
    return {
        name
        for name, versions in environments().items()
        if all(distributions.version(library) == version for library, version in versions.items())
    }


def _result(rule: str) -> RuleResult:
    heard: list[Event] = []
    target = load(TargetSpec("jax.lax:fori_loop"))
    running.run(planning.plan(target, pattern=rule), heard.append)
    (result,) = Report.of(heard).results
    return result


def _line(outcome: Outcome) -> str:
    said = "fails" if outcome.fails else "passes"
    verdict = "as it should" if outcome.as_said else f"BUT SHOULD NOT: {said} was expected"
    head = f"{outcome.piece.id}: {outcome.rule} {outcome.came}, {verdict} ({_versions(outcome)})"
    return "\n".join([head, *(f"    {line}" for line in _shown(outcome))])


def _row(outcome: Outcome) -> str:
    shown = "".join(_shown(outcome)[-1:])
    if len(shown) > _WIDEST:
        shown = f"{shown[: _WIDEST - 1]}…"
    cells = (outcome.piece.id, outcome.rule, _versions(outcome), outcome.came, shown)
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _versions(outcome: Outcome) -> str:
    """The version of the library that the piece is about."""
    library = "flax" if outcome.rule.startswith("MODULE") else "jax"
    return f"{library} {distributions.version(library)}"


def _shown(outcome: Outcome) -> list[str]:
    """How the rule failed: its case, and what came of it."""
    failure = outcome.result.failure
    if failure is None:
        return [outcome.result.reason] if outcome.result.status == "skipped" else []
    wanted = "" if failure.why == "raised" else f", not {failure.expected}"
    return [*failure.case.splitlines(), " ".join(f"{failure.got}{wanted}".split())]


if __name__ == "__main__":
    sys.exit(main())
