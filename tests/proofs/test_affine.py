"""Affine numbers and conditions agree with Python's arithmetic at all small points."""

from __future__ import annotations

import itertools
import operator

import pytest

from foricheck.proofs.affine import Affine, Condition, Joined, Number, compared, negation

X, Y = (Number.of(Affine.symbol(name)) for name in "xy")
POINTS = [
    dict(zip("xy", values, strict=True)) for values in itertools.product(range(-3, 4), [0, 1])
]
COMPARISONS = ["lt", "le", "gt", "ge", "eq", "ne"]


def holds(condition: Condition, point: dict[str, int]) -> bool:
    match condition:
        case Affine():
            return condition.at(point) >= 0
        case Joined("all", parts):
            return all(holds(part, point) for part in parts)
        case Joined(_, parts):
            return any(holds(part, point) for part in parts)


def value(number: Number | None, point: dict[str, int]) -> int:
    assert number is not None
    pick = max if number.pick == "max" else min
    return pick(part.at(point) for part in number.parts)


@pytest.fixture(params=["x", "max(x, 1)", "min(x, 1)"])
def number(request: pytest.FixtureRequest) -> tuple[Number, str]:
    one = Number.of(1)
    made = {"x": X, "max(x, 1)": X.or_else("max", one), "min(x, 1)": X.or_else("min", one)}
    return made[request.param], request.param


@pytest.mark.parametrize("point", POINTS, ids=str)
class TestNumber:
    def test_sum(self, number: tuple[Number, str], point: dict[str, int]) -> None:
        assert value(number[0] + Y, point) == eval(number[1], point) + point["y"]
        assert value(Y + number[0], point) == eval(number[1], point) + point["y"]

    def test_negative(self, number: tuple[Number, str], point: dict[str, int]) -> None:
        assert value(-number[0], point) == -eval(number[1], point)

    @pytest.mark.parametrize("name", COMPARISONS)
    def test_comparison(self, name: str, number: tuple[Number, str], point: dict[str, int]) -> None:
        condition = compared(name, number[0], Y)
        wanted = getattr(operator, name)(eval(number[1], point), point["y"])
        assert condition is not None
        assert holds(condition, point) == wanted
        assert holds(negation(condition), point) != wanted


def test_terms_that_cancel_are_gone() -> None:
    difference = X + -X
    assert difference == Number.of(0)


def test_a_largest_and_a_smallest_do_not_mix() -> None:
    largest, smallest = X.or_else("max", Y), X.or_else("min", Y)
    assert largest is not None
    assert smallest is not None
    assert largest + smallest is None
    assert largest.or_else("min", X) is None
    assert compared("ge", largest, largest) is None


def test_another_operation_is_no_comparison() -> None:
    assert compared("mul", X, Y) is None
