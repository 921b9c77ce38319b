"""``foricheck zoo``: the suite on trial."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli import completion
from foricheck.cli.help import examples
from foricheck.cli.status import WRONG
from foricheck.errors import RequestError
from foricheck.rules.budget import PROFILES

if TYPE_CHECKING:
    from foricheck.cli.outputs import Output
    from foricheck.zoo.matrix import KillMatrix
    from foricheck.zoo.run import Interruption, ZooPlan
    from foricheck.zoo.selection import ZooRequest
    from foricheck.zoo.trials import Trial

__all__ = ["command"]

_FORMATS = ("json", "html", "markdown")
_TROUBLE = 1


@click.command(
    "zoo",
    epilog=examples(
        "foricheck zoo                          all of it",
        "foricheck zoo grad.leaves 'stops_*'    chapters, families, mistakes or names",
        "foricheck zoo --wrong --every-rule --html kills.html",
        "foricheck zoo --wrong --seeds 20       how often each rule catches them",
        "foricheck zoo --right --seeds 50 --profile default      false alarms",
        "foricheck zoo --right --seeds 50 --json far.json --resume far.json   go on",
    ),
)
@click.argument("patterns", metavar="[NAME]...", nargs=-1)
@click.option("--wrong", is_flag=True, help="Judge the wrong members.")
@click.option("--right", is_flag=True, help="Judge the right ones and the bundled reference.")
@click.option("--mutants", is_flag=True, help="Judge the generated mutants.")
@click.option(
    "--equivalents",
    is_flag=True,
    help="Judge the mutants that are argued to be equivalent: no rule may catch one.",
)
@click.option(
    "--rules",
    metavar="PATTERN",
    shell_complete=completion.rules,
    help="Judge by these ids, chapters or globs only, comma separated.",
)
@click.option(
    "--every-rule",
    is_flag=True,
    help="Judge wrong members by every rule, not only by those that they name.",
)
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    help="How many cases to judge; when absent, quick for right ones and default for the others.",
)
@click.option("--list", "lists", is_flag=True, help="List what would be judged, and judge nothing.")
@click.option("--seed", type=int, default=0, show_default=True, help="The first seed.")
@click.option(
    "--seeds",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many seeds to judge with, one after the other.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many processes judge at once.",
)
@click.option(
    "--resume",
    metavar="FILE",
    multiple=True,
    help="Take the results of an earlier --json file, and judge only the rest; repeatable.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only troubles and the summary.")
@click.option("--json", metavar="FILE", help="Write the matrix as JSON; - is standard output.")
@click.option("--html", metavar="FILE", help="Write the matrix as one HTML page.")
@click.option("--markdown", metavar="FILE", help="Write the matrix as tables in Markdown.")
def command(**options: Any) -> int:
    """Put the suite on trial: the kill matrix, wrong implementations by rules.

    Each wrong member of the zoo must be caught by every rule that it names, each generated mutant
    by any rule unless it is argued to be equivalent; right implementations must pass every rule
    but the quirks; and every rule must catch something. This command judges the suite itself; to
    judge a loop of yours, use foricheck run.

    The requested collections are judged; without one, all but the equivalents. NAME is a member, a
    chapter, a family of one (grad.leaves), a kind of mistake, or a pattern of these; without one,
    all are judged. If they are few, the story and the first failing case of each are shown.

    Many seeds take hours: --json is written as implementations are judged, and --resume goes on
    with those that are left. Do not edit the rules or the zoo between the two.

    Exit status: 0 all is as expected, 1 it is not, 2 the command was wrong or a file could not
    be written, 130 interrupted.
    """
    from foricheck.cli import outputs
    from foricheck.zoo.selection import COLLECTIONS, DEFAULT_COLLECTIONS, trials

    wanted = [
        outputs.Output(name, options[name], "foricheck.zoo")
        for name in _FORMATS
        if options[name] is not None
    ]
    outputs.check(wanted)
    collections = tuple(name for name in COLLECTIONS if options[name]) or DEFAULT_COLLECTIONS
    request = _request(options, collections)
    if options["lists"]:
        return _list(trials(request))
    matrix, interruption = _run(request, options, wanted)
    written = outputs.write(wanted, matrix)
    if interruption is not None:
        raise interruption
    return (_TROUBLE if matrix.troubles else 0) if written else WRONG


def _list(trials: tuple[Trial, ...]) -> int:
    from foricheck.cli.screen import Screen
    from foricheck.zoo.listing import show

    show(Screen(), trials)
    return 0


def _request(options: dict[str, Any], collections: tuple[str, ...]) -> ZooRequest:
    from foricheck.zoo.selection import ZooRequest

    names = ("patterns", "rules", "every_rule", "profile", "seeds", "seed")
    return ZooRequest(collections=collections, **{name: options[name] for name in names})


def _run(
    request: ZooRequest, options: dict[str, Any], wanted: list[Output]
) -> tuple[KillMatrix, Interruption | None]:
    """Run the trials; return the results and the interruption, if there was one."""
    from foricheck.cli import outputs
    from foricheck.cli.screen import Screen
    from foricheck.zoo.run import run_trials
    from foricheck.zoo.terminal import ZooTerminal

    plan, screen = _plan(request, options, wanted), Screen(stderr=outputs.to_stdout(wanted))
    with ZooTerminal(screen, plan.trials, members=not options["quiet"]) as terminal:
        matrix, interruption = run_trials(plan, terminal, _JsonFiles(wanted).save)
        if not isinstance(interruption, OSError):
            try:
                terminal.finish(matrix)
            except OSError as error:  # the files are still to be written
                interruption = error
    return matrix, interruption


def _plan(request: ZooRequest, options: dict[str, Any], wanted: list[Output]) -> ZooPlan:
    from foricheck.judging import environment
    from foricheck.targets.jax import config
    from foricheck.zoo.resume import read
    from foricheck.zoo.run import ZooPlan
    from foricheck.zoo.selection import trials

    config.force_host_devices()
    chosen, here = trials(request), environment.describe_apart()
    try:
        saved = [
            read(path, chosen, seeds=request.all_seeds, here=here)
            for path in _resumed(options["resume"], wanted)
        ]
    except RequestError as error:
        raise RequestError(f"--resume: {error}") from error
    return ZooPlan(request=request, trials=chosen, saved=saved, here=here, jobs=options["jobs"])


def _resumed(named: Iterable[str], wanted: Iterable[Output]) -> tuple[Path, ...]:
    """The files to resume from; one that this run writes need not exist yet."""
    written = {each.destination for each in wanted}
    paths = dict.fromkeys(map(Path, named))
    return tuple(path for path in paths if path.exists() or str(path) not in written)


class _JsonFiles:
    """The requested JSON files, saved while the trials run, which may take hours.

    A file that cannot be written is reported once, and tried again at the end.
    """

    def __init__(self, wanted: Iterable[Output]) -> None:
        self._files = [each for each in wanted if each.format == "json" and each.is_file]

    def save(self, matrix: KillMatrix) -> None:
        from foricheck.cli import outputs

        if not outputs.write(self._files, matrix):
            self._files = []
