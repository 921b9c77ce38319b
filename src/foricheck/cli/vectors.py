"""``foricheck vectors``: the frozen known answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli.help import examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foricheck.targets.target import Target
    from foricheck.vectors.judging import Tally
    from foricheck.vectors.suite import Suite

__all__ = ["command"]

_FLAGS = 18
"""The width of the column of flags."""

_TROUBLE = 1
_SHOWN = 3


@click.command(
    "vectors",
    epilog=examples(
        "foricheck vectors                        are the shipped files fresh?",
        "foricheck vectors -o vectors/            write them",
        "foricheck vectors mypkg.loops:fori_loop  run a target on them",
    ),
)
@click.argument("target", required=False)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files there, as the oracle makes them.",
)
@click.option("--kind", type=click.Choice(["loop", "recurrence"]), help="What TARGET claims to be.")
@click.option(
    "--array-namespace", type=click.Choice(["jax", "numpy"]), help="The arrays TARGET works on."
)
def command(*, target: str | None, output: Path | None, **options: Any) -> int:
    """Check, write or use the vectors: frozen known answers for both kinds.

    They are JSON, a case and its answer a line, for whoever cannot run foricheck. Each has flags,
    which name the bugs that it hunts. Made by the oracle alone, they are the same everywhere.

    With a TARGET, named as for foricheck run, it is called here, in this process: a callable that
    dies or hangs takes the command with it.

    Exit status: 0 the files are fresh, or TARGET answers as they do; 1 not; 2 the command was
    wrong.
    """
    from foricheck.vectors.suite import SUITES

    if target is not None:
        return _judge(target, **options)
    if output is not None:
        return _write(output, SUITES)
    return _check(SUITES)


def _write(directory: Path, suites: Iterable[Suite]) -> int:
    from foricheck.cli import files

    directory.mkdir(parents=True, exist_ok=True)
    for suite in suites:
        files.write(str(directory / suite.file), suite.text)
        click.echo(f"{directory / suite.file}: {len(suite.vectors)} vectors")
    return 0


def _check(suites: Iterable[Suite]) -> int:
    """Tell what is in each file, and then whether it is fresh."""
    from foricheck.vectors.shipped import stale
    from foricheck.vectors.suite import count

    told = []
    for suite in suites:
        click.echo(f"{suite.file}, by what they hunt")
        for flag, number in count(suite.vectors).items():
            _print(flag, f"{number:>4}  {suite.flags[flag]}")
        told.append((suite, stale(suite)))
    click.echo()
    for suite, found in told:
        click.echo(f"{suite.file}: {len(suite.vectors)} vectors, {found or 'fresh'}")
    return _TROUBLE if any(found for _, found in told) else 0


def _judge(target: str, **options: Any) -> int:
    from foricheck.targets.jax import config
    from foricheck.targets.loading import load
    from foricheck.targets.spec import TargetSpec

    config.force_host_devices()
    loaded = load(TargetSpec(target, **options))
    wrong = [_judge_kind(loaded, kind) for kind in sorted(loaded.kinds)]
    return _TROUBLE if any(wrong) else 0


def _judge_kind(target: Target, kind: str) -> int:
    """How many vectors of a kind the target answers wrong; told by flag."""
    from foricheck.cases.variants import PLAIN, STATIC, TRACED
    from foricheck.judging.subjects import Subjects
    from foricheck.vectors.judging import judge
    from foricheck.vectors.suite import SUITES

    (suite,) = (suite for suite in SUITES if suite.kind == kind)
    variant = target.variants((TRACED, STATIC, PLAIN))[0]
    tally = judge(Subjects(target).one(kind, variant), suite.vectors)
    click.echo(
        f"{suite.file}: {len(tally.wrong)} of {len(tally.judged)} vectors wrong, "
        f"{len(tally.left_out)} left out, called {variant}"
    )
    _tell(suite, tally)
    return len(tally.wrong)


def _tell(suite: Suite, tally: Tally) -> None:
    from foricheck.vectors.suite import count

    judged = count(tally.judged)
    for flag, wrong in count(vector for vector, _ in tally.wrong).items():
        _print(flag, f"{wrong:>4} of {judged[flag]:<4} {suite.flags[flag]}")
    for vector, violation in tally.wrong[:_SHOWN]:
        _print(vector.id, f"{vector.comment}: {violation}")
    if len(tally.wrong) > _SHOWN:
        _print("and others", ", ".join(vector.id for vector, _ in tally.wrong[_SHOWN:]))
    for reason, number in tally.reasons.most_common():
        _print("left out", f"{number:>4}  {reason}")


def _print(label: str, text: str) -> None:
    from rich.text import Text

    from foricheck.cli.screen import Screen
    from foricheck.report.hanging import hang

    hang(Screen(), Text(f"  {label:<{_FLAGS}}"), Text(text))
