from __future__ import annotations

from pathlib import Path

import pytest

from foricheck.errors import RequestError
from foricheck.expected.file import read, split


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "expected.toml"


def test_an_entry_gives_category_and_reason(file: Path) -> None:
    file.write_text('[BOUND-02]\ncategory = "not yet"\nreason = "bounds are int32"\n')
    assert read(file) == {"BOUND-02": "not yet: bounds are int32"}


def test_an_issue_is_told_with_the_reason(file: Path) -> None:
    file.write_text(
        '[ITER-01]\ncategory = "never"\nreason = "r"\nissue = "https://example.org/7"\n'
    )
    assert read(file) == {"ITER-01": "never: r (https://example.org/7)"}


def test_an_empty_file_expects_nothing(file: Path) -> None:
    file.write_text("")
    assert read(file) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ITER-01", "not TOML: "),
        ("ITER-01 = 3", "ITER-01: expected a table with category and reason, got 3"),
        ('[ITER-01]\ncategory = "never"', "ITER-01.reason: missing"),
        ('[ITER-01]\nreason = "r"', "ITER-01.category: missing"),
        ('[ITER-01]\ncategory = "never"\nreason = " "', "ITER-01.reason: expected text, got ' '"),
        ('[ITER-01]\ncategory = "never"\nreason = 3', "ITER-01.reason: expected text, got 3"),
        (
            '[ITER-01]\ncategory = "soon"\nreason = "r"',
            "ITER-01.category: 'soon' is not one of 'not implemented', 'not yet', 'never'",
        ),
        (
            '[ITER-01]\ncategory = "never"\nreason = "r"\nowner = "me"',
            "ITER-01.owner: no such key; the keys are category, reason, issue",
        ),
    ],
)
def test_a_wrong_file_is_refused_naming_file_and_key(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(RequestError) as refused:
        read(file)
    assert str(refused.value).startswith(f"{file}: {message}")


def test_a_file_that_is_not_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(RequestError, match="not UTF-8 text"):
        read(file)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(RequestError, match="No such file or directory"):
        read(file)


def test_a_reason_is_split_into_what_it_was_made_of(file: Path) -> None:
    file.write_text('[ITER-01]\ncategory = "never"\nreason = "a: b"\nissue = "#7"\n')
    assert split(read(file)["ITER-01"]) == ("never", "a: b (#7)")


@pytest.mark.parametrize("reason", ["", "never", "known deviation of JAX (all): it does so"])
def test_another_reason_is_not(reason: str) -> None:
    assert split(reason) is None
