"""The parts of a report on a terminal: header, chapter, failure, ending.

Colours are red, green and magenta of the terminal's own palette, which can be read on light and
on dark backgrounds; nothing depends on colour alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foricheck.evidence.failure import Failure
from foricheck.judging.events import Header, RuleResult, Status
from foricheck.report.causes import Cause, causes
from foricheck.report.extent import extent, part, thin
from foricheck.report.hanging import hang
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.report.wording import (
    VERDICTS,
    claim,
    compiled,
    counted,
    lacking,
    plain,
    ratio,
    seconds,
    times,
)

__all__ = ["chapter_line", "durations", "ending", "failed", "header", "in_a_line", "xpassed"]

Row = tuple[str, str | Text]

_UNNAMED = ("hypothesis", "chex")
"""Packages that judge and are not judged: their versions are in the other reports."""

_LABEL = 9
_SHORT = 150
"""Characters of a failure that is printed in a line or two."""

_STYLES = {
    "passed": "green",
    "failed": "bold red",
    "xpassed": "bold red",
    "xfailed": "magenta",
    "skipped": "magenta",
    "conformant": "bold green",
    "nonconformant": "bold red",
    "error": "bold magenta",
}
_EXCUSED: tuple[Status, ...] = ("skipped", "xfailed")


def header(console: Console, header: Header) -> None:
    """Print the target, the environment and the options of the run.

    They take few lines, so that the first failure is seen at once.
    """
    versions = dict(header.environment.versions)
    console.print(Text(f"foricheck {versions.pop('foricheck', '')}".rstrip(), style="bold"))
    if versions.get("jaxlib") == versions.get("jax"):
        versions.pop("jaxlib", None)
    named = (f"{name} {version}" for name, version in versions.items() if name not in _UNNAMED)
    where = (header.environment.platform, header.environment.device)
    rules = counted(len(header.rules), "rule")
    judging = f"{rules}, profile {header.profile}, seed {header.seed}"
    lines: list[Row] = [
        ("target", f"{header.target}, judged as {claim(header.kind)}"),
        ("with", ", ".join(named)),
        ("under", ", ".join(f"{name}={value}" for name, value in header.environment.flags.items())),
        *(("set back", note) for note in header.environment.set_back),
        ("judging", f"{judging}, on {', '.join(filter(None, where))}"),
        ("lacking", ", ".join(_declared(header))),
        *(("lacking", f"{name}: {why}") for name, why in header.lacks.items()),
    ]
    rows(console, lines)
    console.print()


def _declared(header: Header) -> list[str]:
    """What the target lacks as it declares, or by its nature."""
    return [name for name in lacking(header.capabilities) if name not in header.lacks]


def chapter_line(
    console: Console, chapter: str, results: tuple[RuleResult, ...], *, planned: int
) -> None:
    """Print the results of a chapter in one line; ``planned`` is the number of its rules."""
    summary = Summary(results)
    counts = _counts(summary, planned)
    amount = f"   {counted(summary.cases, 'case')}, {seconds(summary.seconds)}"
    console.print(Text.assemble((f"{chapter:<7}", "bold"), counts, (amount, "dim")))


def failed(console: Console, result: RuleResult) -> None:
    """Print a failed rule with all its evidence."""
    failure = result.failure
    called = f", called {failure.variant}" if failure else ""
    _headline(console, "FAILED", f"{result.id} ({result.level}){called}")
    if failure is not None and failure.diagnosis:
        hang(console, Text("  "), Text(plain(failure.diagnosis), style="bold"))
    hang(console, Text("  "), Text(plain(result.sentence)))
    if failure is not None:
        console.print()
        rows(console, _evidence(failure))
        _script(console, failure)
        if failure.data:
            rows(console, [("again", f"foricheck replay {failure.id}")])


def in_a_line(console: Console, result: RuleResult, first: str = "") -> None:
    """Print a failed rule in a line or two, where its evidence would be too much.

    Args:
        console: where to print.
        result: the rule.
        first: the id of the rule whose evidence was printed for the same cause, or ``""``.
    """
    failure = result.failure
    same = f", as {first}" if first else ""
    _headline(console, "FAILED", f"{result.id} ({result.level}){same}")
    if not first:
        hang(console, Text("  "), Text(_short(plain(_in_short(result)))))
    if failure is not None and failure.data:
        rows(console, [("again", f"foricheck replay {failure.id}")])


def _short(text: str) -> str:
    return textwrap.shorten(text, _SHORT, placeholder=" …")


def _in_short(result: RuleResult) -> str:
    """The diagnosis of a failure; without one, its difference."""
    failure = result.failure
    if failure is None or failure.diagnosis:
        return failure.diagnosis if failure else result.sentence
    return f"{failure.why}: expected {failure.expected}, got {failure.got}"


def xpassed(console: Console, result: RuleResult) -> None:
    """Print a rule that passed although a failure was expected."""
    _headline(console, "XPASSED", f"{result.id} ({result.level})")
    hang(console, Text("  "), Text("Expected to fail, but it passes: take it out of the file."))
    rows(console, [("expected", result.reason)])


def ending(console: Console, report: Report) -> None:
    """Print the verdict and the numbers behind it."""
    summary = Summary.of(report)
    amounts = (
        counted(summary.cases, "case"),
        compiled(summary.compilations, summary.cached),
        times(summary.seconds, report.seconds),
    )
    _verdict(console, report)
    lines: list[Row] = [
        ("rules", _counts(summary, len(report.header.rules))),
        *(row for status in _EXCUSED for row in _reasons(summary, status, status)),
        *_reasons(summary, "passed", "partly"),
        *(("thin", line) for line in thin(report)),
        ("judged", ", ".join(amounts)),
        ("ratio", _sharpest(summary)),
        *(("cause", _of_rules(each)) for each in causes(report.results)),
        *(("note", note) for note in report.notes),
    ]
    rows(console, lines)


def _of_rules(found: Cause) -> str:
    return (
        f"{found.words.rstrip('.')} ({counted(len(found.rules), 'rule')}: {', '.join(found.rules)})"
    )


def durations(console: Console, results: Iterable[RuleResult]) -> None:
    """Print the slowest rules."""
    table = Table(box=None, padding=(0, 0, 0, 2), pad_edge=True)
    table.add_column("slowest", style="bold")
    for column in ("seconds", "cases", "compilations", "from the cache"):
        table.add_column(column, justify="right")
    for result in results:
        counts = (f"{n:,}" for n in (result.cases, result.compilations, result.cached))
        table.add_row(result.id, f"{result.seconds:.2f}", *counts)
    console.print(table)


def _headline(console: Console, word: str, rest: str) -> None:
    console.print(Text.assemble((f"{word} ", _STYLES["failed"]), (plain(rest), "bold")))


def _evidence(failure: Failure) -> list[Row]:
    return [
        ("case", failure.case),
        ("at", failure.path or "the result"),
        ("expected", failure.expected),
        ("got", failure.got),
        ("why", failure.why),
        ("ratio", "" if failure.ratio is None else f"{ratio(failure.ratio)} times the error bound"),
    ]


def _script(console: Console, failure: Failure) -> None:
    """Print lines to paste: from the first column, never wrapped, without decoration."""
    console.print()
    console.print(Text(plain(failure.script.strip("\n"))), soft_wrap=True)
    console.print()


def _verdict(console: Console, report: Report) -> None:
    word = VERDICTS[report.verdict]
    because = Text.assemble((word, _STYLES[report.verdict]), f"  {plain(_because(report))}")
    hang(console, Text(), because)


def _because(report: Report) -> str:
    summary = Summary.of(report)
    parts = [
        report.reason,
        _list("failed", summary.ids("failed")),
        _list("passed unexpectedly", summary.ids("xpassed")),
        report.header.target if report.conformant else "",
    ]
    on_a_part = f"on the part {part(report)}" if part(report) else ""
    return "; ".join(filter(None, (*parts, on_a_part, f"judged by {extent(report)}")))


def _list(what: str, ids: tuple[str, ...]) -> str:
    return f"{what}: {', '.join(ids)}" if ids else ""


def _reasons(summary: Summary, status: Status, label: str) -> list[Row]:
    """The reasons for a status; a passed rule has one if it left out cases."""
    grouped = summary.reasons(status).items()
    return [(label, f"{', '.join(ids)}: {reason}") for reason, ids in grouped if reason]


def _sharpest(summary: Summary) -> str:
    result = summary.sharpest
    if result is None or result.max_ratio is None:
        return ""
    return f"{ratio(result.max_ratio)}, the largest error over its bound ({result.id})"


def _counts(summary: Summary, planned: int) -> Text:
    parts = [
        Text(f"{number} {status}", style=_STYLES[status])
        for status, number in summary.counts.items()
    ]
    if planned > len(summary.results):
        parts.append(Text(f"{planned - len(summary.results)} not judged", style=_STYLES["skipped"]))
    return Text(", ").join(parts)


def rows(console: Console, rows: Iterable[Row]) -> None:
    """Print rows of a label and a text that wraps under itself; leave out rows without text."""
    for label, text in rows:
        if text:
            body = Text(plain(text)) if isinstance(text, str) else text
            hang(console, Text(f"  {label:<{_LABEL}}", style="dim"), body)
