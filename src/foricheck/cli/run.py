"""``foricheck run``: judge a target."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli import completion
from foricheck.cli.help import examples
from foricheck.cli.seconds import positive
from foricheck.cli.status import STATUSES, complain
from foricheck.rules.budget import PROFILES
from foricheck.runner.request import Request
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.spec import TargetSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from foricheck.cli.outputs import Output
    from foricheck.cli.stopping import Stopping
    from foricheck.cli.streams import Followed
    from foricheck.judging.events import Event

__all__ = ["command", "finish"]

_FORMATS = {name: name for name in ("json", "html", "junit", "markdown", "badge")}
_FORMATS |= {"write_expected": "expected"}
"""By option, the format of the report that it asks for."""


_file = partial(click.option, metavar="FILE", shell_complete=completion.files)


@click.command(
    "run",
    epilog=examples(
        "foricheck run",
        "foricheck run mypkg.loops:fori_loop --rules ITER,BOUND",
        "foricheck run solution.py:fori_loop_recurrence --html report.html",
        'foricheck run "exec:node harness.mjs"',
        "foricheck run mypkg.loops:fori_loop --without vmap,grad --json - | jq .verdict",
    ),
)
@click.argument("target", required=False, shell_complete=completion.targets)
@click.option(
    "--kind",
    type=click.Choice(["loop", "recurrence"]),
    help="What the target claims to be; inferred from its parameter names when absent.",
)
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="default",
    show_default=True,
    help="How many cases to judge.",
)
@click.option(
    "--rules",
    metavar="PATTERN",
    shell_complete=completion.rules,
    help="Ids, chapters or globs, comma separated, -ID to leave out: ITER,CARRY-0*,-ITER-05. "
    "Quirks are judged only when named.",
)
@click.option(
    "--without",
    metavar="CAPABILITY,…",
    shell_complete=completion.capabilities,
    help=f"What the target does not claim to do, of {', '.join(CAPABILITIES)}.",
)
@click.option(
    "--array-namespace",
    type=click.Choice(["jax", "numpy"]),
    help="The arrays the target takes; jax when loading it imports JAX.",
)
@click.option(
    "--expect-failures",
    metavar="FILE",
    shell_complete=completion.files,
    help="TOML, a table a rule: category (not implemented, not yet or never), reason, issue.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of every draw.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    callback=positive,
    default=60.0,
    show_default=True,
    help="How long the target may take to answer; a rule that needs longer is not judged.",
)
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=float,
    callback=positive,
    help="End the run after this time; the rules that are not judged by then are named.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many processes judge at once; when absent, several on a CPU of several cores.",
)
@click.option("-x", "--fail-fast", is_flag=True, help="Stop at the first failed rule.")
@click.option(
    "--max-failures",
    metavar="N",
    type=click.IntRange(min=1),
    help="Stop after N failed rules.",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Judge all rules even if ITER-01 fails: other iterations run than should.",
)
@click.option(
    "--durations",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Name the N slowest rules at the end.",
)
@_file("--json", help="Write the report as JSON; - is standard output.")
@_file("--html", help="Write the report as one HTML page.")
@_file("--junit", help="Write the report as JUnit XML.")
@_file("--markdown", help="Write the report as Markdown, for the summary of a job.")
@_file("--badge", help="Write the verdict as a badge, a small SVG image.")
@click.option(
    "--write-expected",
    metavar="FILE",
    shell_complete=completion.files,
    help="Write the failures as a file for --expect-failures, with reasons to fill in.",
)
def command(**options: Any) -> int:
    """Judge TARGET; by default that of pyproject.toml, or the bundled reference.

    TARGET is a Python callable, named module:attribute or path/to/file.py:attribute, or a name
    that `foricheck targets` lists; or exec:COMMAND, a harness in any language that speaks JSON
    lines over its standard input and output (see `foricheck smoke`).

    The table [tool.foricheck] of pyproject.toml may have `target` and the options up to --jobs;
    the command line wins.

    Exit status: 0 conformant, 1 a rule failed, 2 the target could not be loaded, the command was
    wrong, a file could not be written or rules were not answered in time; 130 interrupted, 143
    terminated: the reports so far are written.
    """
    from foricheck.cli import outputs
    from foricheck.cli.screen import Screen

    options |= _configured(options["target"])
    request = _request(options)
    wanted = [
        outputs.Output(format, options[name], named=name.replace("_", "-"))
        for name, format in _FORMATS.items()
        if options[name] is not None
    ]
    outputs.check(wanted)
    followed = _follow(
        _events(request, _stopping(options)),
        Screen(stderr=outputs.to_stdout(wanted)),
        durations=options["durations"],
    )
    return finish(followed, wanted)


def finish(followed: Followed, outputs: Sequence[Output] = ()) -> int:
    """Write the requested reports, and return the exit status.

    Raises:
        KeyboardInterrupt: the run was interrupted; the results so far have been written.
        OSError: the terminal report could not be written; the others have been.
    """
    from foricheck.cli.outputs import write

    written = followed.report is None or write(outputs, followed.report)
    if followed.stopped is not None:
        raise followed.stopped
    if followed.report is None:
        return complain("the run ended before it began")
    if followed.report.verdict == "error":
        complain(followed.report.reason)
    return STATUSES[followed.report.verdict if written else "error"]


def _configured(target: str | None) -> dict[str, Any]:
    """The options of pyproject.toml that the command line does not give."""
    from foricheck.runner.settings import settings_of

    context = click.get_current_context()
    configured = settings_of(Path.cwd()).options(target)
    return {
        name: value
        for name, value in configured.items()
        if context.get_parameter_source(name) is click.core.ParameterSource.DEFAULT
    }


def _request(options: dict[str, Any]) -> Request:
    file = options["expect_failures"]
    spec = TargetSpec(
        target=options["target"],
        kind=options["kind"],
        array_namespace=options["array_namespace"],
        without=_split(options["without"]),
    )
    return Request(
        spec=spec,
        profile=options["profile"],
        rules=options["rules"],
        seed=options["seed"],
        timeout=options["timeout"],
        time_limit=options["time_limit"],
        jobs=options["jobs"],
        expected={} if file is None else _expected(Path(file)),
    )


def _expected(file: Path) -> dict[str, str]:
    from foricheck.expected import file as expectations
    from foricheck.rules.selection import must_exist

    reasons = expectations.read(file)
    must_exist(reasons, what=f"which {file} expects to fail")
    return reasons


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(",") if name.strip())


def _stopping(options: dict[str, Any]) -> Stopping:
    """When the run ends early: never where all failures are to be written down as expected."""
    from foricheck.cli.stopping import Stopping

    after = 1 if options["fail_fast"] else options["max_failures"]
    everything = options["keep_going"] or options["write_expected"] is not None
    return Stopping(after, keep_going=everything)


def _events(request: Request, stopping: Stopping) -> Iterator[Event]:
    from foricheck.cli.stopping import until
    from foricheck.runner import supervisor

    return until(supervisor.events(request), stopping)


def _follow(events: Iterator[Event], console: Console, *, durations: int) -> Followed:
    from foricheck.cli.streams import follow
    from foricheck.report.terminal import Terminal

    with Terminal(console, durations=durations) as terminal:
        return follow(events, terminal)
