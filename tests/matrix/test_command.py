"""``foricheck matrix``: from files to a site, or one line that says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Call, called

from foricheck.report.report import Report

from .fake_reports import breaking, mixed, passing, unfinished, write


@pytest.fixture
def matrix(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """The command, in an empty directory."""
    monkeypatch.chdir(tmp_path)

    return lambda *arguments: called(capsys, "matrix", *arguments)


def names(site: str = "site") -> list[str]:
    """The targets on the page, as ``matrix.json`` has them."""
    document = json.loads((Path(site) / "matrix.json").read_text())
    return [target["name"] for target in document["targets"]]


@pytest.mark.parametrize("report", [passing(), mixed(), unfinished()])
def test_a_site_is_written_whatever_the_verdict(matrix: Call, report: Report) -> None:
    write(Path("a.json"), report)
    ended = matrix("a.json", "-o", "here/site")
    assert ended.status == 0
    assert ended.out.startswith("here/site/index.html: 1 target by ")
    written = {path.suffix for path in Path("here/site").rglob("*") if path.is_file()}
    assert written == {".html", ".json", ".svg"}


def test_targets_are_in_the_order_of_the_files(matrix: Call) -> None:
    for name in ("b", "a"):
        write(Path(f"{name}.json"), passing(target=name))
    matrix("b.json", "a.json", "-o", "site")
    assert names() == ["b", "a"]


def test_of_a_directory_every_report_is_read_by_the_names_of_the_files(matrix: Call) -> None:
    Path("reports").mkdir()
    for file, name in (("2", "a"), ("1", "b")):
        write(Path("reports", f"{file}.json"), passing(target=name))
    Path("reports", "notes.txt").write_text("nothing to read")
    matrix("reports", "-o", "reports/site")
    assert names("reports/site") == ["b", "a"]


def test_a_report_may_be_given_a_name(matrix: Call) -> None:
    write(Path("old.json"), passing())
    write(Path("new=er.json"), passing())
    assert matrix("jax 0.8=old.json", "new=er.json", "-o", "site").status == 0
    assert names() == ["jax 0.8", "right"]
    assert Path("site/badges/jax-0.8.svg").is_file()


def test_a_title_may_be_given(matrix: Call) -> None:
    write(Path("a.json"), passing())
    matrix("a.json", "-o", "site", "--title", "Loops & more")
    assert "<title>Loops &amp; more</title>" in Path("site/index.html").read_text()


def test_a_site_is_written_over(matrix: Call) -> None:
    write(Path("a.json"), passing())
    matrix("a.json", "-o", "site")
    first = Path("site/index.html").read_bytes()
    matrix("a.json", "-o", "site")
    assert Path("site/index.html").read_bytes() == first


REFUSED = [
    ((), "Missing argument"),
    (("a.json",), "Missing option '-o'"),
    (("nosuch.json", "-o", "site"), "nosuch.json: No such file or directory"),
    (("empty", "-o", "site"), "empty: no .json file in this directory"),
    (("x=empty", "-o", "site"), "empty: a directory; only one report can have a name"),
    (("=a.json", "-o", "site"), "'=a.json' is neither a file nor NAME=FILE"),
    (("x=", "-o", "site"), "'x=' is neither a file nor NAME=FILE"),
    (("broken.json", "-o", "site"), "broken.json: not JSON: "),
    (("a.json", "a.json", "-o", "site"), "a.json and a.json are both reports on 'right'"),
    (("a.json", "-o", "a.json"), "-o: cannot write a.json/index.html: "),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_is_wrong_is_said_in_one_line(
    matrix: Call, arguments: tuple[str, ...], said: str
) -> None:
    write(Path("a.json"), passing())
    Path("broken.json").write_text("{")
    Path("empty").mkdir()
    ended = matrix(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"foricheck: {said}")
    assert ended.err.count("\n") == 1


def test_nothing_is_written_when_one_report_is_wrong(matrix: Call) -> None:
    write(Path("a.json"), breaking("ITER-01"))
    Path("broken.json").write_text("{")
    matrix("a.json", "broken.json", "-o", "site")
    assert not Path("site").exists()
