"""``foricheck smoke``: a broken harness is told from a wrong implementation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foricheck.targets.wire.client import Client
from foricheck.targets.wire.smoke import Outcome, checks

from .conftest import Ended, foricheck, target

Start = Callable[..., Client]

INSTRUCTIONS = "Each instruction, alone, gives its value after one trip."
BOUNDS = "Bounds, and the index, are read right in each declared dtype."
PERMUTES = "A body that permutes moves leaves of many dtypes, NaN and -0.0 among them."
STATES = "A recurrence of no trips gives x back, NaN and -0.0 too."
END = "When its input ends, it exits with status 0."


def outcomes(client: Client) -> dict[str, Outcome]:
    return {outcome.sentence: outcome for outcome in checks(client)}


def failed(client: Client) -> dict[str, Outcome]:
    every = outcomes(client).items()
    return {sentence: outcome for sentence, outcome in every if outcome.status == "failed"}


def test_a_right_harness_passes_every_check(start: Start) -> None:
    assert {outcome.status for outcome in checks(start())} == {"passed"}


class TestABrokenHarness:
    @pytest.mark.parametrize(
        ("trouble", "sentence", "found"),
        [
            (
                "guesses",
                "An instruction that it does not know is unsupported.",
                "an instruction 'frobnicate' gave int32[4, 8]",
            ),
            ("narrow", BOUNDS, "from 1099511627781 to 1099511627782 of int64, the index gave ["),
            ("unpermuted", PERMUTES, "one trip of {'permute': [2, 0, 1]} gave at leaf 0[0] 2.0"),
            ("exits-with-4", END, "it exited with status 4"),
            ("stays", END, "it still ran 5 seconds later, and was ended"),
        ],
    )
    def test_one_check_tells_what_is_wrong(
        self, start: Start, trouble: str, sentence: str, found: str
    ) -> None:
        told = failed(start(trouble))
        assert list(told) == [sentence]
        assert told[sentence].found.startswith(found)
        assert told[sentence].hint

    def test_a_zero_that_loses_its_sign(self, start: Start) -> None:
        assert list(failed(start("positive-zero"))) == [PERMUTES, STATES]

    def test_a_wrong_instruction_is_named(self, start: Start) -> None:
        told = failed(start("sub-is-add"))[INSTRUCTIONS]
        assert told.found.startswith("r0 ← sub r1, r2 gave r0 = [")
        assert told.hint == "mend sub: the others are right, so it is not the loop"

    def test_where_nothing_is_right_it_is_the_reading(self, start: Start) -> None:
        told = failed(start("blind"))[INSTRUCTIONS]
        assert told.found.endswith("and 13 more")
        assert told.hint.startswith("nothing is right, and no usual mistake of loops explains it")

    def test_one_that_dies_is_not_asked_for_ever(self, start: Start) -> None:
        told = list(outcomes(start("always-is-killed")).values())
        assert [each.status for each in told] == ["failed"] * 3 + ["left out"] * 11
        assert told[0].found == "the harness was killed by SIGKILL"

    @pytest.mark.parametrize("trouble", ["always-another-case", "always-too-few", "always-no-json"])
    def test_nonsense_is_told_with_what_to_mend(self, start: Start, trouble: str) -> None:
        told = list(outcomes(start(trouble)).values())
        broken = next(each for each in told if each.status == "failed")
        assert broken.found.startswith("the harness answered ")
        assert broken.hint


class TestAWrongImplementation:
    @pytest.mark.parametrize(
        ("trouble", "note"),
        [
            ("inclusive", "for the range from 3 to 4 the loop runs twice, from index 3"),
            ("never", "for the range from 3 to 4 the loop does not run"),
            ("late", "for the range from 3 to 4 the loop runs once, from index 4"),
        ],
    )
    def test_a_wrong_loop_is_noted_and_no_failure(
        self, start: Start, trouble: str, note: str
    ) -> None:
        told = outcomes(start(trouble))
        assert told[INSTRUCTIONS].note.startswith(note)
        assert {each.status for each in told.values()} == {"passed", "left out"}

    def test_so_is_a_wrong_recurrence(self, start: Start) -> None:
        told = outcomes(start("one-step-more"))
        assert told[STATES].note.startswith("for T = 0 the recurrence takes a step")
        assert {each.status for each in told.values()} == {"passed"}


class TestWhatIsNotDeclared:
    def test_it_is_left_out(self, start: Start) -> None:
        told = outcomes(start("declares-nothing")).values()
        reasons = [each.found for each in told if each.status == "left out"]
        assert reasons == [
            "the harness does not declare nested",
            "the harness does not declare permute",
        ]

    def test_a_loop_alone_is_asked_for_no_recurrence(self, start: Start) -> None:
        assert STATES not in outcomes(start("only-a-loop"))

    def test_a_recurrence_alone_is_asked_for_no_loop(self, start: Start) -> None:
        told = outcomes(start("only-a-recurrence"))
        assert INSTRUCTIONS not in told
        assert {each.status for each in told.values()} == {"passed"}


class TestTheCommand:
    def test_a_sound_one(self, tmp_path: Path) -> None:
        ended = smoke("", tmp_path)
        assert ended.returncode == 0
        assert ended.stdout.splitlines()[-1] == "SOUND  14 checks passed"

    def test_one_that_is_not(self, tmp_path: Path) -> None:
        ended = smoke("exits-with-4", tmp_path)
        assert ended.returncode == 1
        assert " 14  FAILED    When its input ends, it exits with status 0." in ended.stdout
        last = ended.stdout.splitlines()[-1]
        assert last == "NOT SOUND  1 of 14 checks failed: mend the harness"

    def test_lines_fit_on_a_narrow_terminal(self, tmp_path: Path) -> None:
        lines = smoke("sub-is-add", tmp_path).stdout.splitlines()
        assert max(len(line) for line in lines if not line.startswith("  harness")) <= 80

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (target("banner"), "answered a line that is not JSON: 'Welcome to loops 1.0'"),
            ("exec:nosuch", "there is no command 'nosuch'"),
            ("jax.lax:fori_loop", "jax.lax:fori_loop is no harness; write exec:COMMAND"),
        ],
    )
    def test_one_that_does_not_start(self, tmp_path: Path, asked: str, told: str) -> None:
        ended = foricheck("smoke", asked, directory=tmp_path)
        assert ended.returncode == 2
        (line,) = ended.stderr.splitlines()
        assert told in line


def smoke(trouble: str, directory: Path) -> Ended:
    return foricheck("smoke", target(trouble), "--timeout", "20", directory=directory)
