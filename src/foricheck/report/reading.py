"""Reports read back from JSON.

Unknown members are ignored: a report of a newer foricheck may have more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from foricheck.documents.reading import read as read_document
from foricheck.errors import RequestError
from foricheck.evidence.record import Record
from foricheck.judging.events import Environment, Header, RuleResult
from foricheck.report.document import SCHEMA_VERSION, EnvironmentEntry, ReportDocument
from foricheck.report.report import Report
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import BUNDLED

__all__ = ["environment", "find", "read"]

_WHAT = "a report of foricheck run --json"


def read(path: Path) -> Report:
    """The report in a file.

    Raises:
        RequestError: the file cannot be read, is not JSON, is no report, is one of another
            version of the schema, or contradicts itself.
    """
    document = read_document(path, ReportDocument, what=_WHAT, version=SCHEMA_VERSION)
    report = _report(document)
    if contradiction := _contradiction(report):
        raise RequestError(f"{path}: not {_WHAT}: {contradiction}")
    return report


def find(id: str, path: Path) -> Record:
    """The failure of this id in a report, to be run again.

    Raises:
        RequestError: the file is no report, it has no such failure, or the case is not known.
    """
    report = read(path)
    failures = (result.failure for result in report.results if result.failure)
    failure = next((each for each in failures if each.id == id), None)
    if failure is None:
        raise RequestError(f"{path} has no failure {id!r}")
    if not failure.data:
        raise RequestError(f"the case of {id!r} is not known, so it cannot be run again")
    return Record.of(failure, _spec(report.header))


def environment(entry: EnvironmentEntry) -> Environment:
    """Where the run took place."""
    return msgspec.convert(entry, Environment, from_attributes=True)


def _report(document: ReportDocument) -> Report:
    # Not strict: a ratio that is not finite is text in JSON.
    results = msgspec.convert(
        document.rules, tuple[RuleResult, ...], from_attributes=True, strict=False
    )
    return Report(
        header=_header(document),
        verdict=document.verdict,
        results=results,
        reason=document.reason,
        notes=document.notes,
        seconds=document.seconds,
    )


def _header(document: ReportDocument) -> Header:
    return Header(
        target=document.target,
        kind=document.kind,
        array_namespace=document.array_namespace,
        capabilities=document.capabilities,
        environment=environment(document.environment),
        seed=document.seed,
        profile=document.profile,
        rules=(*(rule.id for rule in document.rules), *document.not_judged),
        pattern=document.pattern,
        lacks=document.lacks,
    )


def _contradiction(report: Report) -> str:
    """What contradicts itself in a report, or ``""``."""
    if (repeated := _repeated(report.header.rules)) is not None:
        return f"rules[{repeated}].id: a second {report.header.rules[repeated]}"
    if report.conformant and report.failures:
        return f"verdict: conformant, though {report.failures[0].id} failed"
    return ""


def _repeated(ids: Sequence[str]) -> int | None:
    return next((n for n, id in enumerate(ids) if id in ids[:n]), None)


def _spec(header: Header) -> TargetSpec:
    return TargetSpec(
        target=None if header.target == BUNDLED else header.target,
        kind=None if " and " in header.kind else header.kind,
        array_namespace=header.array_namespace,
        without=tuple(name for name in CAPABILITIES if name not in header.capabilities),
    )
