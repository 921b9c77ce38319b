"""The page: well formed, self-contained, the same each time, with what is behind each cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from html_page import Page
from report.fake_runs import SCRIPT, failure, report, result

from foricheck.matrix import html as as_html
from foricheck.matrix.site import files
from foricheck.matrix.table import Matrix
from foricheck.report.report import Report

from .fake_reports import HOSTILE, breaking, matrix, mixed, passing, unfinished

MANY = (mixed(), passing(), breaking("ITER-01"), breaking("ITER-01", target="also"), unfinished())


def hostile() -> Report:
    told = {"case": HOSTILE, "path": HOSTILE, "expected": HOSTILE, "got": HOSTILE, "why": HOSTILE}
    broken = failure(**told, script=HOSTILE, variant=HOSTILE)
    results = [
        result("ITER-01", "failed", sentence=HOSTILE, failure=broken),
        result("ITER-02", "skipped", reason=HOSTILE),
        result("BOUND-01", "xfailed", reason=HOSTILE),
        result("BOUND-02", "xpassed", reason=HOSTILE),
        result("CARRY-01", "passed", reason=HOSTILE),
    ]
    return report(results, target=HOSTILE, notes=(HOSTILE,), reason=HOSTILE)


TABLES = {
    "one": matrix(passing()),
    "many": matrix(*MANY),
    "nothing judged": matrix(report([])),
    "hostile": matrix(hostile(), passing(target="a:b"), passing(target="a-b"), title=HOSTILE),
}


def page(table: Matrix) -> Page:
    return Page(as_html.render(table))


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> Matrix:
    return TABLES[request.param]


def test_elements_are_balanced(table: Matrix) -> None:
    assert page(table).faults == []


def test_ids_are_unique(table: Matrix) -> None:
    ids = page(table).ids
    assert len(set(ids)) == len(ids)


def test_every_link_leads_somewhere(table: Matrix) -> None:
    shown = page(table)
    places = {*files(table), *(f"#{id}" for id in shown.ids)}
    inside = {address for address in shown.addresses if not address.startswith("https://")}
    assert inside <= places


def test_nothing_is_loaded_and_no_script_is_run(table: Matrix) -> None:
    shown = page(table)
    assert shown.resources == []
    assert "script" not in shown.tags
    assert "url(" not in as_html.render(table)


def test_every_file_can_be_encoded(table: Matrix) -> None:
    assert all(text.encode("utf-8") for text in files(table).values())


def test_the_same_reports_give_the_same_bytes() -> None:
    assert files(matrix(*MANY)) == files(matrix(*MANY))


def test_how_long_a_run_took_changes_nothing() -> None:
    slower = tuple(replace(report, seconds=report.seconds + 1) for report in MANY)
    assert files(matrix(*MANY)) == files(matrix(*slower))


def test_hostile_text_is_shown_as_text() -> None:
    shown = page(TABLES["hostile"])
    assert "</title><script>alert('x')</script>\"'&\\x1b\\ud800" in shown.text


@pytest.mark.parametrize(
    "told",
    [
        "5 targets, judged by 5 rules: 1 conformant.",
        "What ITER-02 says.",
        "lower = int8(3), upper = int8(5)",
        "carry['a'][2]",
        "int32 7",
        "int64 7",
        "shape",
        "2.5 times the error bound",
        SCRIPT.strip(),
        "the target lacks traced",
        "known deviation: see https://example.org/issues/7; more text",
        "Expected to fail, but it passes. (never: no NaN)",
        "mind the gap",
        "it does not answer",
        "no verdict",
        "jax 0.12.0",
        "foricheck run mixed --profile default --seed 7",
    ],
)
def test_the_page_says(told: str) -> None:
    assert told in page(matrix(*MANY)).text


def test_a_rule_that_passed_unexpectedly_is_not_said_to_have_failed() -> None:
    unexpected = report([result("ITER-01", "xpassed", reason="never: no NaN")])
    assert "1 passed unexpectedly" in as_html.render(matrix(unexpected))


@pytest.mark.parametrize("column", ["mixed", "wrong", "also"])
def test_each_failure_has_an_address_of_its_own(column: str) -> None:
    rule = "ITER-02" if column == "mixed" else "ITER-01"
    shown = page(matrix(*MANY))
    assert f"{column}-{rule}" in shown.ids
    assert f"#{column}-{rule}" in shown.addresses


@pytest.mark.parametrize("rule", ["BOUND-01", "CARRY-01"])
def test_each_excuse_has_one_too(rule: str) -> None:
    shown = page(matrix(mixed("a"), mixed("b")))
    assert {f"a-{rule}", f"b-{rule}"} <= set(shown.ids)
    assert {f"#a-{rule}", f"#b-{rule}"} <= set(shown.addresses)


def test_a_rule_that_passed_in_part_leads_to_the_reason() -> None:
    partly = report([result("ITER-01", "passed", reason="9 of 16 cases are left out: too slow")])
    shown = as_html.render(matrix(partly))
    assert "9 of 16 cases are left out: too slow" in shown
    assert "<b>✓*</b></a>" in shown


def test_addresses_in_a_reason_are_links() -> None:
    assert "https://example.org/issues/7" in page(matrix(mixed())).addresses


@pytest.mark.parametrize("status", ["passed", "failed", "skipped", "xfailed", "xpassed"])
def test_a_cell_says_its_status_in_words_and_by_a_mark(status: str) -> None:
    text = as_html.render(matrix(mixed()))
    assert f'aria-label="{status}' in text
    assert as_html.MARKS[status] in Page(text).text


def test_marks_differ() -> None:
    assert len(set(as_html.MARKS.values())) == len(as_html.MARKS)


def test_a_page_of_usual_size_is_small() -> None:
    rules = [f"ITER-{n:03}" for n in range(172)]
    broken = failure(
        script=SCRIPT * 4, case="lower = 0, upper = 1, body: " + "r0 ← add r0, 1; " * 20
    )
    reports = [
        report(
            [
                result(rule, "failed", failure=replace(broken, got=f"{rule} of {target}"))
                if (n + target) % 10 == 0
                else result(rule, "skipped", reason=f"the target lacks {n % 7}")
                if (n + target) % 3 == 0
                else result(rule)
                for n, rule in enumerate(rules)
            ],
            target=f"target-{target}",
        )
        for target in range(20)
    ]
    assert len(as_html.render(matrix(*reports)).encode()) < 1_500_000
