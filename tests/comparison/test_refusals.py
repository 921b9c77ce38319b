"""Errors that a target raises, and how they are reported."""

from __future__ import annotations

import pytest
from interrupts import interruptible

from foricheck.comparison.refusals import Refused, answered, in_a_line, in_full


class Strange(BaseException):
    pass


class Silent(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


def chained() -> Exception:
    try:
        try:
            raise KeyError("x")
        except KeyError as error:
            raise TypeError("Failed in nopython mode pipeline\nstep: inference") from error
    except TypeError as error:
        return error


class TestAnswered:
    @pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit, Strange])
    def test_a_target_may_raise_anything(self, error: type[BaseException]) -> None:
        def call() -> None:
            raise error

        with pytest.raises(Refused):
            answered(call)

    def test_an_interrupt_of_the_person_is_not_the_target_s(self) -> None:
        def call() -> None:
            raise KeyboardInterrupt

        with interruptible(), pytest.raises(KeyboardInterrupt):
            answered(call)


class TestInFull:
    def test_the_message_is_whole_and_the_cause_follows(self) -> None:
        assert in_full(chained()) == (
            "TypeError: Failed in nopython mode pipeline\nstep: inference\ncaused by KeyError: 'x'"
        )

    def test_what_was_suppressed_is_left_out(self) -> None:
        error = chained()
        error.__cause__, error.__suppress_context__ = None, True
        assert "caused by" not in in_full(error)

    def test_a_long_message_is_cut(self) -> None:
        assert in_full(ValueError("line\n" * 100)).endswith("… (60 more lines)")

    def test_an_error_that_has_no_text(self) -> None:
        assert in_full(Silent()) == "Silent: (no message)"


class TestInALine:
    def test_it_is_the_first(self) -> None:
        assert in_a_line(chained()) == "TypeError: Failed in nopython mode pipeline"
