from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from foricheck.zoo import html as as_html
from foricheck.zoo import json as as_json
from foricheck.zoo import markdown
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.terminal import ZooTerminal

from .fake_trials import cell, matrix, mutant, right, row

SCHEMA = Path(__file__).parents[2] / "conformance" / "schemas" / "zoo-1.json"
LONG = "static_lower_is_zero_beside_a_traced_upper_bound"

SEVERAL = matrix(
    row(cell(cases=4239), cell("CARRY-01"), name="absolute_trip_count"),
    row(cell(caught=0), name="survivor", story="Steps by <two>."),
    row(cell(), name=LONG),
    right(cell(caught=0, runs=50), cell("CARRY-01", caught=0)),
    mutant(lost="was silent for 15 seconds and was ended"),
    mutant(cell(caught=0), name="loop__zero_to_one", expected="equivalent"),
)
EMPTY = matrix()
SEEDS = matrix(row(cell(caught=18, runs=20), name="rare"), seeds=tuple(range(20)))


def terminal(matrix: KillMatrix, *, members: bool = True) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    with ZooTerminal(console, [row.trial for row in matrix.rows], members=members) as shown:
        for each in matrix.rows:
            shown.on_result(each)
        shown.finish(matrix)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]  # it is a StringIO
    return text


@pytest.mark.parametrize(
    "text",
    [
        "TROUBLE survivor: not caught by ITER-01",
        "  absolute_trip_count                     ITER-01     4,239     0.50      +1",
        "  while_loop                              passes",
        "  loop__lt_to_lte                         hangs",
        "  loop__zero_to_one                       equivalent",
        "1 TROUBLE\n",
        "  wrong    2 of 3 caught by the rules that they name",
        "  first    0.50 s in the median until a wrong implementation is caught",
        "  right    1 of 1 pass (51 judgements, 24 cases in each run)",
        "  mutants  1 of 1 caught",
        "  equal    1 of 1 mutants pass as equivalent",
        "  judged   6 implementations, seed 0, 12.5 s",
    ],
)
def test_terminal_says(text: str) -> None:
    assert text in terminal(SEVERAL)


@pytest.mark.parametrize("shown", [SEVERAL, SEEDS, EMPTY])
def test_no_line_is_wider_than_the_terminal_or_ends_in_blanks(shown: KillMatrix) -> None:
    lines = terminal(shown).splitlines()
    assert all(len(line) <= 80 and line == line.rstrip() for line in lines)


def test_with_several_seeds_the_terminal_says_how_often_each_rule_caught() -> None:
    assert "ITER-01        1    20      18  rare 18/20" in terminal(SEEDS)


def test_quiet_prints_only_troubles_and_the_summary() -> None:
    assert "absolute_trip_count" not in terminal(SEVERAL, members=False)


def test_the_headline_says_that_all_is_as_expected() -> None:
    assert "ALL AS EXPECTED\n" in terminal(matrix(row(cell())))


def test_a_few_are_shown_with_story_and_case() -> None:
    text = terminal(matrix(row(cell(case="lower = 0, upper = 1"))))
    assert "one_trip_short\n  Stops before upper - 1.\n  case     lower = 0, upper = 1\n" in text


def test_an_interrupted_run_is_not_as_expected() -> None:
    text = terminal(matrix(row(cell()), unfinished="interrupted"))
    assert "NOT FINISHED  interrupted" in text


@pytest.mark.parametrize("shown", [SEVERAL, SEEDS, EMPTY])
def test_json_is_as_its_schema_describes(shown: KillMatrix) -> None:
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(described)
    Draft202012Validator(described).validate(json.loads(as_json.render(shown)))


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_shows_the_first_rule_and_the_others() -> None:
    classes = [tag.get("class") for _, tag in Page(as_html.render(SEVERAL)).tags]
    assert ("cell first" in classes, "cell caught" in classes) == (True, True)


def test_html_escapes_the_story() -> None:
    assert "Steps by <two>." in Page(as_html.render(SEVERAL)).text


def test_html_needs_no_network() -> None:
    tags = Page(as_html.render(SEVERAL)).tags
    assert not [tag for tag, attributes in tags if {"src", "href"} & set(attributes)]


def test_html_of_nothing_is_a_page() -> None:
    assert "ALL AS EXPECTED" in as_html.render(EMPTY)


@pytest.mark.parametrize(
    "line",
    [
        "| absolute_trip_count | ITER-01 | 4,239 | 0.50 | CARRY-01 |",
        "| survivor | not caught by ITER-01 |  |  |  |",
        "| while_loop | default | 51 | 0 |",
        "| ITER-01 | 3 | 2 | 3 | 2 | survivor 0/1 |",
    ],
)
def test_markdown_has_the_line(line: str) -> None:
    assert line in markdown.render(SEVERAL).splitlines()
