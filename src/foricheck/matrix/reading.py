"""Reports read back from JSON, as ``conformance/schemas/report-1.json`` describes them.

Members that are not known are passed over: a report of a newer foricheck may have more of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from foricheck.evidence.failure import Failure
from foricheck.judging.events import Header, RuleResult, Status, Verdict
from foricheck.report.json_fields import Fields, InvalidDocument
from foricheck.report.json_header import environment, opened
from foricheck.report.report import SCHEMA_VERSION, Report
from foricheck.rules.rule import Level

__all__ = ["read"]

_STATUSES: tuple[Status, ...] = get_args(Status)
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_LEVELS = tuple(level.value for level in Level)
_ID = re.compile(r"[A-Z]+-[0-9]{1,9}", re.ASCII)


def read(path: Path) -> Report:
    """The report in a file.

    Raises:
        RequestError: the file cannot be read, is not JSON, is no report, is one of another
            version of the schema, or contradicts itself.
    """
    with opened(
        path,
        what="a report",
        of="foricheck run --json",
        schema=SCHEMA_VERSION,
        members=frozenset({"target", "rules"}),
    ) as fields:
        return _report(fields)


def _report(fields: Fields) -> Report:
    results = tuple(_result(entry) for entry in fields.objects("rules"))
    report = Report(
        header=_header(fields, tuple(result.id for result in results)),
        verdict=fields.one_of("verdict", _VERDICTS),
        results=results,
        reason=fields.text("reason"),
        notes=fields.texts("notes"),
        seconds=fields.number("seconds", 0.0),
    )
    _each_once(report.header.rules)
    if report.conformant and report.failures:
        raise InvalidDocument(f"verdict: conformant, though {report.failures[0].id} failed")
    return report


def _each_once(ids: Sequence[str]) -> None:
    for n, rule in enumerate(ids):
        if rule in ids[:n]:
            raise InvalidDocument(f"rules[{n}].id: a second {rule}")


def _header(fields: Fields, rules: tuple[str, ...]) -> Header:
    return Header(
        target=fields.text("target"),
        kind=fields.text("kind"),
        array_namespace=fields.text("array_namespace"),
        capabilities=fields.texts("capabilities"),
        environment=environment(fields.object("environment")),
        seed=fields.integer("seed"),
        profile=fields.text("profile"),
        rules=rules,
    )


def _result(fields: Fields) -> RuleResult:
    failure = fields.object_or_none("failure")
    return RuleResult(
        id=_id(fields),
        level=fields.one_of("class", _LEVELS),
        sentence=fields.text("sentence"),
        status=fields.one_of("status", _STATUSES),
        cases=fields.count("cases"),
        seconds=fields.number("seconds"),
        compilations=fields.count("compilations"),
        cached=fields.count("cached", 0),
        max_ratio=fields.ratio("max_ratio"),
        variants=fields.texts("ways"),
        digest=fields.text("digest"),
        reason=fields.text("reason"),
        failure=None if failure is None else _failure(failure),
    )


def _id(fields: Fields) -> str:
    id = fields.text("id")
    if not _ID.fullmatch(id):
        raise InvalidDocument(f"{fields.at('id')}: {id!r} is no rule's id, such as ITER-01")
    return id


def _failure(fields: Fields) -> Failure:
    return Failure(
        id=fields.text("id"),
        rule=fields.text("rule"),
        sentence=fields.text("sentence"),
        variant=fields.text("way"),
        case=fields.text("case"),
        path=fields.text("path"),
        expected=fields.text("expected"),
        got=fields.text("got"),
        why=fields.text("why"),
        ratio=fields.ratio("ratio"),
        script=fields.text("script"),
        data=fields.object("data").value,
    )
