"""The report as Markdown, for the summary of a job or a comment."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.evidence.failure import Failure
from foricheck.judging.events import RuleResult
from foricheck.report.extent import extent, part
from foricheck.report.markup import code, escaped, lines_of_code
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.report.text import format_difference
from foricheck.report.wording import VERDICTS, claim, compiled, counted, plain, times

__all__ = ["render"]

_WHOLE = 10
"""How many failures are shown whole; the JSON and the HTML report have them all."""


def render(report: Report) -> str:
    """The report as Markdown; lines are not wrapped."""
    parts = [
        f"### foricheck: {VERDICTS[report.verdict]}",
        f"{code(report.header.target)}, judged as {code(claim(report.header.kind))}"
        f"{_on_a_part(report)}, by {escaped(extent(report))}",
        code(report.reason) if report.reason else "",
        "\n".join(_failures(report)),
        "\n".join(f"- {escaped(note)}" for note in report.notes),
        _details(report),
    ]
    return "\n\n".join(filter(None, map(plain, parts))) + "\n"


def _on_a_part(report: Report) -> str:
    return f" on the part {code(part(report))}" if part(report) else ""


def _failures(report: Report) -> Iterator[str]:
    for result in report.failures[:_WHOLE]:
        yield f"- **{escaped(result.id)}** ({result.level}): {escaped(result.sentence)}"
        yield from _evidence(result)
    if rest := report.failures[_WHOLE:]:
        yield f"- {len(rest)} more failed: {', '.join(result.id for result in rest)}"


def _evidence(result: RuleResult) -> Iterator[str]:
    match result.failure:
        case None:
            yield f"  - passed, though it was expected to fail: {code(result.reason)}"
        case Failure() as failure:
            if failure.diagnosis:
                yield f"  - **{escaped(failure.diagnosis)}**"
            yield f"  - {code(format_difference(failure))}"
            yield f"  - case {lines_of_code(failure.case)}"


def _details(report: Report) -> str:
    summary, environment = Summary.of(report), report.header.environment
    amounts = (
        counted(summary.cases, "case"),
        compiled(summary.compilations, summary.cached),
        times(summary.seconds, report.seconds),
    )
    versions = (f"{name} {version}" for name, version in environment.versions.items())
    lines = [
        f"- rules: {', '.join(f'{number} {status}' for status, number in summary.counts.items())}",
        f"- judged: {', '.join(amounts)}, profile {report.header.profile}",
        f"- with: {code(', '.join(versions))}",
        f"- on: {code(f'{environment.platform}, {environment.device}')}",
        *(
            f"- {status}: {', '.join(ids)}: {code(reason)}"
            for status in ("xfailed", "skipped")
            for reason, ids in summary.reasons(status).items()
        ),
    ]
    inside = "\n".join(lines)
    return f"<details><summary>Numbers and environment</summary>\n\n{inside}\n\n</details>"
