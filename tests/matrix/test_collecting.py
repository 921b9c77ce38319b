"""Reports become one table: targets in their order, rules in that of the specification."""

from __future__ import annotations

import re
from itertools import product

import pytest

from foricheck.errors import RequestError
from foricheck.matrix.collecting import SECTIONS
from foricheck.matrix.evidence import evidence, reasons
from foricheck.matrix.naming import anchors, short

from .fake_reports import HOSTILE, breaking, matrix, mixed, passing, unfinished


def test_targets_keep_the_order_in_which_they_are_given() -> None:
    columns = matrix(passing(target="b"), passing(target="a")).columns
    assert [column.name for column in columns] == ["b", "a"]


def test_rules_are_in_the_order_of_the_specification() -> None:
    one, other = passing("REC-01", "CARRY-10", target="a"), passing("ODD-01", "CARRY-02", "ITER-02")
    rows = matrix(one, other).rows
    assert [row.id for row in rows] == ["ITER-02", "CARRY-02", "CARRY-10", "REC-01", "ODD-01"]


def test_a_rule_that_a_report_does_not_have_was_not_judged() -> None:
    rows = matrix(passing("ITER-01", target="a"), passing("BOUND-01")).rows
    assert [row.statuses for row in rows] == [("passed", None), (None, "passed")]


def test_counts_are_by_chapter() -> None:
    table = matrix(mixed(), unfinished())
    assert table.counts(0, "CARRY") == {"xfailed": 1, "xpassed": 1}
    assert table.counts(1, "CARRY") == {}


def test_two_reports_on_one_target_are_refused() -> None:
    with pytest.raises(RequestError, match=r"right\.json and right\.json are both .* 'right'"):
        matrix(passing(), passing("ITER-01"))


def test_evidence_that_is_the_same_is_told_once() -> None:
    table = matrix(breaking("ITER-01", target="a"), breaking("ITER-01", target="b"), passing())
    (found,) = evidence(table, table.rows[0])
    assert [column.name for column in found.columns] == ["a", "b"]
    assert [script.text for script in found.scripts] == ["import a\n", "import b\n"]


def test_a_script_that_is_the_same_is_shown_once() -> None:
    table = matrix(mixed("a"), mixed("b"))
    (found,) = evidence(table, table.rows[1])
    assert len(found.scripts) == 1


def test_other_evidence_is_told_apart() -> None:
    table = matrix(breaking("ITER-02"), mixed())
    first, second = evidence(table, table.rows[1])
    assert (first.result.failure, second.result.failure) != (None, None)
    assert [first.columns[0].name, second.columns[0].name] == ["wrong", "mixed"]


def test_reasons_that_are_the_same_are_told_once() -> None:
    (not_passed,) = reasons(matrix(mixed("a"), passing(), mixed("b")), "skipped")
    (group,) = not_passed.groups
    assert not_passed.reason == "the target lacks traced"
    assert ([column.name for column in group.columns], group.rules) == (["a", "b"], ("BOUND-01",))


@pytest.mark.parametrize(
    ("name", "anchor"),
    [
        ("keras-openvino", "keras-openvino"),
        ("mypkg.loops:fori_loop", "mypkg.loops-fori_loop"),
        ("path/to/file.py:fori_loop", "path-to-file.py-fori_loop"),
        ("exec:./harness --fast", "exec-harness-fast"),
        ("../../etc", "etc"),
        ("boucle été", "boucle-t"),
        ("∀", "target"),
        ("", "target"),
        ("x" * 200, "x" * 80),
    ],
)
def test_an_anchor_is_the_name_as_far_as_an_address_can_hold_it(name: str, anchor: str) -> None:
    assert anchors([name]) == [anchor]


HARD = ["a", "A", "a:b", "a-b", "a b", "X-Y", "X Y", "", HOSTILE]
HARD += ["ITER-01", "a-ITER-01", "rules", "chapter-ITER"]


def test_no_two_addresses_on_the_page_are_the_same() -> None:
    given = anchors(HARD, {*SECTIONS, "chapter-ITER"})
    cells = [f"{anchor}-{rule}" for anchor, rule in product(given, ("ITER-01", "REC-1"))]
    addresses = [*given, *cells, *SECTIONS, "chapter-ITER", "ITER-01", "REC-1"]
    assert len(set(addresses)) == len(addresses)


def test_no_two_files_of_the_site_are_the_same_where_case_does_not_count() -> None:
    assert len({anchor.casefold() for anchor in anchors(HARD)}) == len(HARD)


def test_every_anchor_can_be_the_name_of_a_file() -> None:
    assert all(re.fullmatch(r"\w[\w.-]*", anchor, re.ASCII) for anchor in anchors(HARD))


def test_short_names_leave_out_modules_where_that_tells_them_apart() -> None:
    names = ["a.b:one", "a.b:same", "c:same", "exec:node x.mjs", "keras-numpy", "odd:"]
    told = ["one", "a.b:same", "c:same", "node x.mjs", "keras-numpy", "odd:"]
    assert short(names) == told
