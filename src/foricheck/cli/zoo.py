"""``foricheck zoo``: the suite on trial."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli.help import examples
from foricheck.cli.status import WRONG
from foricheck.request import RequestError
from foricheck.rules.budget import PROFILES

if TYPE_CHECKING:
    from foricheck.zoo.matrix import Matrix
    from foricheck.zoo.selection import Asked
    from foricheck.zoo.trials import Row, Trial

__all__ = ["command"]

_FORMATS = ("json", "html", "markdown")
_TROUBLE = 1


@click.command(
    "zoo",
    epilog=examples(
        "foricheck zoo                              all of it",
        "foricheck zoo derivative 'stale_*'         kinds of mistake, families or names",
        "foricheck zoo --wrong --every-rule --html kills.html",
        "foricheck zoo --wrong --seeds 20           how often each rule catches its members",
        "foricheck zoo --right --seeds 50 --profile default      false alarms",
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
    "--rules", metavar="PATTERN", help="Judge by these ids or chapters only, comma separated."
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
@click.option("--list", "lists", is_flag=True, help="Name what would be judged, and judge nothing.")
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
    "-q", "--quiet", is_flag=True, help="Tell only the end, and what is not as it must be."
)
@click.option("--json", metavar="FILE", help="Write the matrix as JSON; - is standard output.")
@click.option("--html", metavar="FILE", help="Write the matrix as one HTML page.")
@click.option("--markdown", metavar="FILE", help="Write the matrix as tables in Markdown.")
def command(**options: Any) -> int:
    """Put the suite on trial: the kill matrix, wrong implementations by rules.

    Each wrong member of the zoo must be caught by every rule that it names, each generated mutant
    by any rule unless it is argued to be equivalent; right implementations must pass every rule
    but the quirks; and every rule must catch something. It is the suite that is judged here, by
    its own members: for a loop of yours there is foricheck run.

    The sorts asked for are judged; if none is, all but the equivalents. NAME is a member, a
    family, a kind of mistake, or a pattern of these; without one, all are judged. Of a few, the
    story and the case that caught it are told.

    Exit status: 0 all is as it must be, 1 it is not, 2 the command was wrong or a file could not
    be written, 130 interrupted.
    """
    from foricheck.cli import outputs
    from foricheck.zoo.selection import SORTS, USUAL, trials

    wanted = [
        outputs.Output(name, options[name], "foricheck.zoo")
        for name in _FORMATS
        if options[name] is not None
    ]
    outputs.check(wanted)
    asked = _asked(options, tuple(sort for sort in SORTS if options[sort]) or USUAL)
    if options["lists"]:
        return _list(trials(asked))
    matrix, stopped = _held(asked, trials(asked), options, aside=outputs.to_stdout(wanted))
    written = outputs.write(wanted, matrix)
    if stopped is not None:
        raise stopped
    return (_TROUBLE if matrix.troubles else 0) if written else WRONG


def _list(trials: tuple[Trial, ...]) -> int:
    from foricheck.cli.screen import Screen
    from foricheck.zoo.listing import show

    show(Screen(), trials)
    return 0


def _asked(options: dict[str, Any], sorts: tuple[str, ...]) -> Asked:
    from foricheck.zoo.selection import Asked

    names = ("patterns", "rules", "every_rule", "profile", "seeds", "seed")
    return Asked(sorts=sorts, **{name: options[name] for name in names})


def _held(
    asked: Asked, trials: tuple[Trial, ...], options: dict[str, Any], *, aside: bool
) -> tuple[Matrix, KeyboardInterrupt | OSError | RequestError | None]:
    """Hold the trials, and tell of them; what ended them early is given back with what came."""
    from foricheck.cli.screen import Screen
    from foricheck.zoo.parallel import rows
    from foricheck.zoo.telling import Telling

    started = time.perf_counter()
    came: list[Row] = []
    stopped: KeyboardInterrupt | OSError | RequestError | None = None
    with Telling(Screen(stderr=aside), len(trials), members=not options["quiet"]) as telling:
        held = rows(trials, jobs=options["jobs"])
        try:
            for row in held:
                came.append(row)
                telling.row(row)
        except (KeyboardInterrupt, OSError, RequestError) as error:
            stopped = error
        finally:
            held.close()
        matrix = _matrix(asked, trials, came, time.perf_counter() - started, stopped)
        if not isinstance(stopped, OSError):
            telling.end(matrix)
    return matrix, stopped


def _matrix(
    asked: Asked,
    trials: tuple[Trial, ...],
    came: list[Row],
    seconds: float,
    stopped: BaseException | None,
) -> Matrix:
    from foricheck import environment
    from foricheck.rules.registry import all_rules
    from foricheck.zoo.matrix import Matrix

    environment.force_host_devices()
    place = {trial: at for at, trial in enumerate(trials)}
    return Matrix(
        rows=tuple(sorted(came, key=lambda row: place[row.trial])),
        rules=tuple(rule.id for rule in all_rules()),
        is_whole=asked.is_whole,
        environment=environment.describe(jax=True),
        seeds=tuple(range(asked.seed, asked.seed + asked.seeds)),
        seconds=round(seconds, 3),
        unfinished=_why(stopped),
    )


def _why(stopped: BaseException | None) -> str:
    match stopped:
        case None:
            return ""
        case KeyboardInterrupt():
            return "interrupted"
        case RequestError():
            return str(stopped)
        case _:
            return "the terminal report could not be written"
