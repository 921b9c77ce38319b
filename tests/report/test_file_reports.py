from __future__ import annotations

import json
import math
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from foricheck.report import html as as_html
from foricheck.report import json as as_json
from foricheck.report import junit

from .fake_runs import BROKEN, PASSED, SCRIPT, failure, report, result

SCHEMA = Path(__file__).parents[2] / "conformance" / "schemas" / "report-1.json"


def schema() -> Draft202012Validator:
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(described)
    return Draft202012Validator(described)


def document(**changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(as_json.render(report(BROKEN, **changes)))
    return value


@pytest.mark.parametrize("results", [(), PASSED, BROKEN])
def test_json_is_as_its_schema_describes(results: Any) -> None:
    schema().validate(json.loads(as_json.render(report(results))))


@pytest.mark.parametrize("ratio", [math.inf, math.nan])
def test_json_of_a_ratio_that_is_not_finite_is_as_its_schema_describes(ratio: float) -> None:
    broken = result("REC-01", "failed", max_ratio=ratio, failure=failure(ratio=ratio))
    schema().validate(json.loads(as_json.render(report([broken])), parse_constant=pytest.fail))


def test_the_schema_refuses_what_it_does_not_know() -> None:
    assert not schema().is_valid(document() | {"surprise": 1})


def test_json_carries_the_case_of_a_failure() -> None:
    data = document()["rules"][2]["failure"]["data"]
    assert data == {"sort": "loop", "lower": {"dtype": "int64", "shape": [1], "hex": "03"}}


def test_json_is_ascii() -> None:
    assert as_json.render(report(PASSED, target="ünïcode \ud800")).isascii()


def suite(**changes: Any) -> ElementTree.Element:
    root = ElementTree.fromstring(junit.render(report(BROKEN, **changes)))
    found = root.find("testsuite")
    assert found is not None
    return found


def test_junit_counts_each_rule() -> None:
    counts = {name: suite().get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "6", "failures": "2", "skipped": "2", "errors": "0"}


def test_junit_names_the_rules() -> None:
    names = [(case.get("classname"), case.get("name")) for case in suite().iter("testcase")]
    assert names[:3] == [
        ("foricheck.ITER", "ITER-01"),
        ("foricheck.REC", "REC-01"),
        ("foricheck.CARRY", "CARRY-01"),
    ]


def test_junit_of_a_failure_holds_the_script() -> None:
    told = suite().findtext("testcase[@name='CARRY-01']/failure")
    assert told is not None
    assert SCRIPT in told


def test_junit_of_a_run_that_did_not_finish_has_an_error() -> None:
    error = suite(verdict="error", reason="the target hangs").find("testcase/error")
    assert error is not None
    assert error.get("message") == "the target hangs"


def test_junit_holds_whatever_a_target_raised() -> None:
    broken = result("ITER-01", "failed", failure=failure(got="\x00\x1b]]>\ud800\uffff"))
    text = junit.render(report([broken], target="\x01"))
    assert "got: \\x00\\x1b]]>\\ud800\\uffff" in "".join(ElementTree.fromstring(text).itertext())


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(**changes: Any) -> Page:
    return Page(as_html.render(report(BROKEN, **changes)))


def test_html_needs_no_network() -> None:
    assert all(address.startswith("#") for address in page().addresses)


def test_html_runs_no_script() -> None:
    assert "script" not in page().tags


@pytest.mark.parametrize(
    "told",
    [
        "NONCONFORMANT",
        "mypkg.loops:fori_loop",
        "What CARRY-01 says.",
        "lower = int8(3), upper = int8(5)",
        "int32 7",
        "int64 7",
        SCRIPT,
        "foricheck replay 3f9a1c07",
        "the target lacks traced",
        "mind the gap",
    ],
)
def test_html_says(told: str) -> None:
    assert told in page(notes=("mind the gap",)).text


def test_html_lists_every_rule() -> None:
    assert all(result.id in page().text for result in BROKEN)


def test_html_shows_markup_as_text() -> None:
    broken = result("ITER-01", "failed", failure=failure(got="<img src=x>\x1b\ud800"))
    shown = Page(as_html.render(report([broken])))
    assert "<img src=x>\\x1b\\ud800" in shown.text
    assert "img" not in shown.tags


def test_html_of_no_rules_says_so() -> None:
    assert "No rule was judged." in Page(as_html.render(report([]))).text


@pytest.mark.parametrize("renderer", [as_html, junit, as_json])
def test_every_file_can_be_encoded(renderer: Any) -> None:
    renderer.render(report(BROKEN, target="\ud800", reason="\udcff")).encode("utf-8")
