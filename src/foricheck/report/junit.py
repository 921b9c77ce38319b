"""The JUnit report, which CI services read: one suite a run, one test case a rule."""

from __future__ import annotations

from typing import Any

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from foricheck.evidence import failure as evidence
from foricheck.judging.events import RuleResult
from foricheck.report.report import Report
from foricheck.report.wording import plain
from foricheck.rules.chapters import chapter

__all__ = ["render"]


def render(report: Report) -> str:
    """The report as an XML document in UTF-8."""
    suite = TestSuite("foricheck")
    _describe(suite, report)
    for result in report.results:
        suite.add_testcase(_case(result))
    if report.verdict == "error":
        suite.add_testcase(_unfinished(report.reason))
    document: Any = JUnitXml("foricheck")  # not all of its methods are annotated
    document.add_testsuite(suite)
    document.update_statistics()
    text: str = document.tostring().decode("utf-8")
    return text


def _describe(suite: TestSuite, report: Report) -> None:
    header = report.header
    suite.add_property("target", plain(header.target))
    suite.add_property("kind", header.kind)
    suite.add_property("profile", header.profile)
    suite.add_property("seed", str(header.seed))
    suite.add_property("platform", plain(header.environment.platform))
    suite.add_property("device", plain(header.environment.device))
    for package, version in header.environment.versions.items():
        suite.add_property(package, version)


def _case(result: RuleResult) -> TestCase:
    case = TestCase(result.id, f"foricheck.{chapter(result.id)}", round(result.seconds, 6))
    outcome = _outcome(result)
    if outcome is not None:
        case.result = [outcome]
    return case


def _outcome(result: RuleResult) -> Failure | Skipped | None:
    match result.status:
        case "passed":
            return None
        case "skipped":
            return Skipped(plain(result.reason), "foricheck.skipped")
        case "xfailed":
            return Skipped(plain(result.reason), "foricheck.xfailed")
        case "xpassed":
            return Failure(plain(f"expected to fail ({result.reason}), but it passes"), "xpassed")
        case "failed":
            return _failed(result)


def _failed(result: RuleResult) -> Failure:
    cause = result.failure.diagnosis if result.failure else ""
    outcome = Failure(plain(cause or result.sentence), result.level)
    if result.failure is not None:
        outcome.text = plain(_text(result.failure))
    return outcome


def _text(failure: evidence.Failure) -> str:
    cause = f"cause: {failure.diagnosis}\n" if failure.diagnosis else ""
    return (
        f"{cause}rule: {failure.sentence}\n"
        f"way: {failure.variant}\ncase: {failure.case}\nat: {failure.path or 'the result'}\n"
        f"expected: {failure.expected}\ngot: {failure.got}\nwhy: {failure.why}\n\n"
        f"{failure.script.rstrip()}\n\nforicheck replay {failure.id}\n"
    )


def _unfinished(reason: str) -> TestCase:
    case = TestCase("the run", "foricheck", 0.0)
    case.result = [Error(plain(reason), "unfinished")]
    return case
