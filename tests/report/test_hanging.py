"""Text to the right of its label, at the width of a console."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from foricheck.report.hanging import hang


def lines(text: str, *, width: int = 40, label: str = "  ") -> list[str]:
    written = io.StringIO()
    hang(Console(file=written, width=width), Text(label), Text(text))
    return [line.removeprefix(" " * len(label)) for line in written.getvalue().splitlines()]


def test_words_are_kept_whole() -> None:
    assert lines("one two", width=22) == ["one two"]
    assert lines("a-long-word-of-38-characters-and-not-40 two") == [
        "a-long-word-of-38-characters-and-not-",
        "40 two",
    ]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        (
            "conformance/test_carry.py::test_leaves_stay_in_order",
            ["conformance/test_carry.py::", "test_leaves_stay_in_order"],
        ),
        (
            "https://github.com/openxla/xla/issues/49176",
            ["https://github.com/openxla/xla/issues/", "49176"],
        ),
        (
            "a_member_of_the_zoo_with_a_name_of_many_words",
            ["a_member_of_the_zoo_with_a_name_of_", "many_words"],
        ),
        ("x" * 50, ["x" * 38, "x" * 12]),
    ],
)
def test_a_word_wider_than_the_console_is_broken_between_its_parts(
    word: str, parts: list[str]
) -> None:
    assert lines(word) == parts
    assert lines(f"{word} there") == [*parts[:-1], f"{parts[-1]} there"]


def test_no_line_is_wider_than_the_console() -> None:
    text = "a/b_" * 100 + " " + "y" * 100
    assert max(map(len, lines(text, label="label "))) <= 40
