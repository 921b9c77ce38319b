from __future__ import annotations

from foricheck.targets.wire.pace import Pace
from foricheck.targets.wire.stderr import Kept


def paced(*answers: tuple[int, float]) -> Pace:
    pace = Pace(most=256, timeout=80.0)
    for cases, seconds in answers:
        pace.answered(cases, seconds)
    return pace


class TestPace:
    def test_the_first_message_has_one_case(self) -> None:
        assert paced().size == 1

    def test_messages_grow_to_the_most(self) -> None:
        assert [paced(*[(4**n, 0.01) for n in range(m)]).size for m in range(6)] == [
            *(1, 4, 16, 64, 256, 256)
        ]

    def test_a_message_takes_an_eighth_of_the_time_that_it_may_take(self) -> None:
        assert paced((1, 0.1), (4, 0.4), (16, 8.0)).size == 20

    def test_a_case_that_takes_longer_goes_alone(self) -> None:
        assert paced((1, 30.0)).size == 1

    def test_a_short_message_does_not_shorten_the_next(self) -> None:
        assert paced((64, 0.1), (1, 0.001)).size == 256

    def test_after_a_message_without_an_answer_its_cases_go_alone(self) -> None:
        pace = paced((64, 0.1))
        pace.missed(3)
        sizes = []
        for _ in range(4):
            sizes.append(pace.size)
            pace.answered(pace.size, 0.1)
        assert sizes == [1, 1, 1, 4]


def kept(*lines: str, pieces: int = 1000) -> str:
    words = Kept()
    text = "\n".join(lines).encode()
    for start in range(0, len(text), pieces):
        words.add(text[start : start + pieces])
    return str(words)


class TestStandardError:
    def test_short_text_is_kept_whole(self) -> None:
        assert kept("one", "", "two", "three") == "one / two / three"

    def test_the_text_of_a_panic_is_kept(self) -> None:
        panic = "thread 'main' panicked at src/main.rs:7:5:", "index out of bounds"
        words = kept(*panic, *["   4: core::ops"] * 5000, "note: run with RUST_BACKTRACE=full")
        assert words.startswith(" / ".join(panic))
        assert words.endswith("note: run with RUST_BACKTRACE=full")

    def test_the_last_line_with_an_error_is_kept(self) -> None:
        words = kept("a", "b", "c", "ValueError: no such loop", "d", "e", "f")
        assert words == "a / b / … / ValueError: no such loop / … / e / f"

    def test_a_line_is_not_divided_where_it_is_read(self) -> None:
        assert kept("thread panicked", "note", pieces=3) == "thread panicked / note"

    def test_what_was_dropped_joins_no_lines(self) -> None:
        assert len(kept("x" * 100_000)) < 300
