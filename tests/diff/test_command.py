"""``foricheck diff``: in words, in Markdown, as JSON; its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Call, called
from jsonschema import Draft202012Validator
from matrix.fake_reports import HOSTILE, RULES, breaking, mixed, passing, unfinished, write
from report.fake_runs import failure, report, result

from foricheck.report.report import Report

SCHEMA = Path(__file__).parents[2] / "conformance" / "schemas" / "diff-1.json"
FORMATS = pytest.mark.parametrize("form", ["text", "markdown", "json"])


@pytest.fixture
def diff(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """The command, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return lambda *arguments: called(capsys, "diff", *arguments)


@pytest.fixture
def between(diff: Call) -> Callable[..., str]:
    """What the command prints for two reports."""

    def printed(old: Report, new: Report, form: str = "text") -> str:
        write(Path("old.json"), old)
        write(Path("new.json"), new)
        return str(diff("old.json", "new.json", "--format", form).out)

    return printed


@FORMATS
@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (passing(), passing(), 0),
        (passing(), breaking("ITER-01"), 1),
        (breaking("ITER-01"), passing(), 0),
        (passing(), unfinished(), 1),
    ],
)
def test_the_status_says_whether_something_got_worse(
    diff: Call, form: str, old: Report, new: Report, status: int
) -> None:
    write(Path("old.json"), old)
    write(Path("new.json"), new)
    assert diff("old.json", "new.json", "--format", form).status == status


def test_text_shows_what_got_worse(between: Callable[..., str]) -> None:
    said = between(passing(target="f"), breaking("ITER-01", target="f"))
    assert said == (
        "1 rule got worse\n"
        "  target   f\n"
        "  verdict  CONFORMANT → NONCONFORMANT\n"
        "  judged   4 of 4 rules on 4,000 cases\n"
        "  cases    the same in 3 of 3 rules that hold in both\n"
        "\n"
        "WORSE\n"
        "  ITER-01    passed → failed (core)\n"
        "             What ITER-01 says.\n"
        "             fails  at carry['a'][2]: expected int32 7, got int64 7 (dtype),\n"
        "                    called traced-with-jit\n"
        "             case   lower = int8(3), upper = int8(5)\n"
    )


def test_text_fits_80_columns(between: Callable[..., str]) -> None:
    said = between(passing(*RULES, "REC-01"), mixed())
    assert max(map(len, said.splitlines())) <= 80


def test_both_differences_are_shown_where_a_rule_fails_in_another_way(
    between: Callable[..., str],
) -> None:
    old, new = (
        report([result("ITER-01", "failed", failure=failure(got=got))]) for got in ("one", "two")
    )
    said = between(old, new)
    assert "before at carry['a'][2]: expected int32 7, got one" in said
    assert "now    at carry['a'][2]: expected int32 7, got two" in said


def test_a_diagnosis_is_shown(between: Callable[..., str]) -> None:
    broken = failure(diagnosis="It skips the first.")
    new = report([result("ITER-01", "failed", failure=broken)])
    assert "fails  It skips the first. at carry['a'][2]: " in between(passing("ITER-01"), new)


def test_rules_that_are_new_and_hold_are_listed_by_status(between: Callable[..., str]) -> None:
    said = between(passing("ITER-01"), passing("ITER-01", "REC-01", "REC-02"))
    assert said.endswith("NEW\n  passed     REC-01, REC-02\n")


def test_markdown_is_for_a_comment(between: Callable[..., str]) -> None:
    said = between(passing(target="f"), breaking("ITER-01", target="f"), "markdown")
    assert said.startswith("### foricheck: 1 rule got worse\n\n`f`: CONFORMANT → NONCONFORMANT\n")
    assert "- **ITER-01** (core) passed → failed: What ITER-01 says.\n" in said


def test_in_markdown_nothing_foreign_is_markup(between: Callable[..., str]) -> None:
    said = between(passing(target="f"), passing(target=HOSTILE), "markdown")
    outside = "".join(part for n, part in enumerate(said.split("`")) if n % 2 == 0)
    assert "<script>" not in outside


@pytest.mark.parametrize("new", [passing(), mixed(), unfinished(), breaking("ITER-01")])
def test_json_is_as_its_schema_describes(between: Callable[..., str], new: Report) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(between(mixed(), new, "json")))


def test_json_names_what_got_worse(between: Callable[..., str]) -> None:
    document = json.loads(between(passing(), breaking("ITER-01"), "json"))
    (rule,) = document["rules"]
    assert document["worse"]
    assert (rule["id"], rule["change"], rule["new"]["status"]) == ("ITER-01", "worse", "failed")
    assert rule["new"]["difference"]["got"] == "int64 7"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nosuch.json", "nosuch.json: No such file or directory"),
        ("broken.json", "broken.json: not JSON: "),
        ("list.json", "list.json: not a report of foricheck run --json"),
        ("other.json", "other.json: a report of schema 2; this foricheck reads schema 1"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(diff: Call, file: str, said: str) -> None:
    write(Path("good.json"), passing())
    write(Path("other.json"), passing(), schema=2)
    Path("broken.json").write_text("{")
    Path("list.json").write_text("[]")
    ended = diff("good.json", file)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(f"foricheck: {said}")


def test_jax_is_not_imported(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", passing())
    code = (
        "import sys; from foricheck.cli import main\n"
        f"try: main(['diff', {str(path)!r}, {str(path)!r}])\n"
        "except SystemExit: print('jax' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("False\n")
