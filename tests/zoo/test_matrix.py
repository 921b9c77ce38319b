from __future__ import annotations

from foricheck.zoo.matrix import KillMatrix

from .fake_trials import cell, matrix, mutant, right, row


def whole(*, unfinished: str = "") -> KillMatrix:
    came = row(cell(), cell("CARRY-01"))
    return matrix(came, right(cell(caught=0)), is_whole=True, unfinished=unfinished)


def test_a_rule_without_a_kill_is_a_trouble() -> None:
    assert whole().troubles == ("REC-01 catches nothing",)


def test_rules_are_not_blamed_for_what_was_not_judged() -> None:
    assert whole(unfinished="interrupted").troubles == ()


def test_what_a_right_one_breaks_is_no_kill() -> None:
    assert "ITER-01" in matrix(right(cell()), is_whole=True).unused_rules


def test_the_median_is_that_of_the_first_kills() -> None:
    times = [row(cell(seconds=it), cell("CARRY-01", seconds=100)) for it in (1.0, 2.0, 7.0)]
    assert matrix(*times, row(cell(caught=0))).median == 2.0


def test_there_is_no_median_without_a_kill() -> None:
    assert matrix(right(cell(caught=0))).median is None


def test_columns_are_in_the_order_of_the_specification() -> None:
    assert matrix(row(cell("REC-01"), cell())).columns == ("ITER-01", "REC-01")


def test_groups_keep_the_order_of_the_rows() -> None:
    assert list(matrix(right(), row(), mutant()).groups()) == [
        "right",
        "iteration",
        "mutant of loop",
    ]


class TestWhatARuleCaught:
    def test_counts_runs_over_the_members_that_it_must_catch(self) -> None:
        (kills,) = matrix(row(cell(caught=20, runs=20)), row(cell(caught=18, runs=20))).kills()
        assert (kills.members, kills.runs, kills.caught) == (2, 40, 38)

    def test_names_what_it_did_not_catch_in_every_run(self) -> None:
        (kills,) = matrix(row(cell(caught=18, runs=20), name="rare")).kills()
        assert kills.weakest == ("rare 18/20",)

    def test_leaves_out_what_it_was_not_to_catch(self) -> None:
        kills = matrix(row(cell(), cell("CARRY-01", caught=0))).kills()
        assert [kill.members for kill in kills] == [1, 0]

    def test_counts_what_it_was_the_first_to_catch(self) -> None:
        kills = matrix(row(cell(), cell("CARRY-01")), row(cell())).kills()
        assert [kill.first for kill in kills] == [2, 0]
