"""Judge the mutants of the installed JAX by the rules, and by a plain property test.

``python -m foricheck.conformance.jax_mutants --part fori_loop`` prints a row a mutant and the
number killed. Exit status: 0 every survivor is argued to be equivalent, 1 one is not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from foricheck.conformance.jax_mutants import PARTS, JaxMutant, jax_mutants
from foricheck.conformance.jax_mutants.equivalents import equivalents
from foricheck.conformance.jax_mutants.plain import kills
from foricheck.rules.selection import select
from foricheck.zoo.parallel import rows
from foricheck.zoo.trials import Trial, TrialResult

_DEFAULT_PARTS = ("fori_loop", "while_loop", "scan")
_FIRST = ("ITER-01", "ITER-02", "UNROLL", "ERROR", "ITER", "BOUND", "GRAD", "XFORM", "TRACE")
"""Rules and chapters that kill soonest; the others follow."""

_SILENCE = 60.0


@dataclass(frozen=True)
class Outcome:
    """A mutant as judged.

    Attributes:
        mutant: the mutant.
        rule: the rule that killed it, how its process was lost, or ``""``.
        plain: whether the plain test killed it.
        argument: why nothing can tell it from the original, or ``""``.
    """

    mutant: JaxMutant
    rule: str
    plain: bool
    argument: str

    @property
    def line(self) -> str:
        """A row of a table in Markdown."""
        plain = "killed" if self.plain else ""
        cells = (self.mutant.name, self.mutant.description, self.rule, plain, self.argument)
        return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge mutants and print a row for each."""
    options = _parser().parse_args(arguments)
    chosen = [each for each in jax_mutants() if each.part in (options.part or _DEFAULT_PARTS)]
    print("| mutant | change | killed by | plain test | argument |\n|---|---|---|---|---|")
    outcomes = []
    for outcome in _judged(chosen, jobs=options.jobs, profile=options.profile):
        print(outcome.line, flush=True)
        outcomes.append(outcome)
    survivors = [each for each in outcomes if not each.rule]
    killed, plain = len(outcomes) - len(survivors), sum(each.plain for each in outcomes)
    argued = sum(bool(each.argument) for each in survivors)
    print(
        f"\n{killed} of {len(outcomes)} killed by the rules, {plain} by the plain test; "
        f"of {len(survivors)} survivors {argued} are argued to be equivalent"
    )
    return 0 if argued == len(survivors) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m foricheck.conformance.jax_mutants",
        description="Judge mutants of the installed JAX's loops.",
    )
    parser.add_argument(
        "--part",
        action="append",
        choices=list(PARTS),
        help=f"mutate these definitions; may be repeated (default: {', '.join(_DEFAULT_PARTS)})",
    )
    parser.add_argument("--profile", default="default", help="of the rules (default: default)")
    parser.add_argument("--jobs", type=int, help="how many processes judge at once")
    return parser


def _judged(mutants: Sequence[JaxMutant], *, jobs: int | None, profile: str) -> Iterator[Outcome]:
    """Outcomes, in the order in which the rules reach them."""
    by_name, argued = {each.name: each for each in mutants}, equivalents()
    trials = [_trial(each, profile) for each in mutants]
    with ThreadPoolExecutor(jobs or 2) as pool:
        plain = {each.name: pool.submit(kills, each.name) for each in mutants}
        for row in rows(trials, jobs=jobs):
            name = row.trial.name
            yield Outcome(by_name[name], _killer(row), plain[name].result(), argued.get(name, ""))


def _trial(mutant: JaxMutant, profile: str) -> Trial:
    ids = [rule.id for rule in select(None, frozenset({"loop"}))]
    early = [id for first in _FIRST for id in ids if id.startswith(first)]
    return Trial(
        name=mutant.name,
        path=f"foricheck.conformance.jax_mutants:{mutant.name}",
        kind="loop",
        group=f"mutant of {mutant.part}",
        story=mutant.description,
        expected="caught",
        rules=tuple(dict.fromkeys((*early, *ids))),
        any_rule=True,
        silence=_SILENCE,
        profile=profile,
    )


def _killer(row: TrialResult) -> str:
    return row.first.rule if row.first else row.lost


if __name__ == "__main__":
    sys.exit(main())
