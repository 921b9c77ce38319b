"""The oracle of covering cases against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.oracle.cases.jets import Jet
from foricheck.oracle.cases.outputs import expected, is_exact

INTEGER = LoopCase(carry=Carry("leaf", (Leaf("int32", ()),)))
"""It starts at -6."""

FLOAT = LoopCase(carry=Carry("leaf", (Leaf("float32", ()),)), body=Body(steps=(Step("scaled"),)))
"""It starts at -3, and is multiplied by -1, 2, 0.5, -1, …"""


def value_of(case: LoopCase, trips: int = 3) -> Any:
    output = expected(case, trips).output
    return output["carry"][0].value.tolist()


def plain(part: Any) -> Any:
    return part.value.tolist() if isinstance(part, Jet) else [plain(each) for each in part]


def test_an_affine_body() -> None:
    assert value_of(INTEGER) == ((-6 * 3 + 0 + 1) * 3 + 1 + 1) * 3 + 2 + 1


def test_no_trips_give_the_initial_carry() -> None:
    assert value_of(INTEGER, 0) == -6


def test_a_lower_bound_below_zero() -> None:
    assert value_of(replace(INTEGER, bounds=Bounds(lower=-1)), 1) == -6 * 3 - 1 + 1


def test_integers_wrap() -> None:
    case = replace(INTEGER, carry=Carry("leaf", (Leaf("int8", ()),)))
    assert value_of(case) == ((-144 + 2**7) % 2**8) - 2**7


@pytest.mark.parametrize("trips", [4000, 4001, 5000])
def test_a_long_loop_is_as_if_it_were_run(trips: int) -> None:
    x = -6
    for i in range(trips):
        x = (x * 3 + i + 1) % 2**32
    assert value_of(INTEGER, trips) % 2**32 == x


def test_floats_are_scaled_in_turn() -> None:
    assert value_of(FLOAT) == -3 * -1 * 2 * 0.5


def test_leaves_change_places() -> None:
    leaves = (Leaf("int32", ()), Leaf("int32", ()))
    body = Body(steps=(), moves=(1, 0))
    case = LoopCase(carry=Carry("tuple", leaves), body=body)
    first, second = expected(case, 1).output["carry"]
    assert (first.value.item(), second.value.item()) == (1, -6)


def test_callbacks_have_an_index() -> None:
    case = replace(INTEGER, body=Body(effects=(Effect("ordered", "index"),)))
    assert expected(case, 2).events == [(0, 0), (0, 1)]


def test_lanes_have_their_own_upper_bounds() -> None:
    around = (Around("vmap", ("upper",), (0, 1)),)
    case = replace(INTEGER, around=around, bounds=Bounds(trips=(0,), given="traced upper"))
    assert value_of(case, 0) == [-6, -6 * 3 + 1]


def test_forward_derivative_along_the_carry() -> None:
    case = replace(FLOAT, around=(Around("jvp", ("carry",)),))
    assert plain(expected(case, 2).output["tangent"]) == [-2.0]


def test_reverse_derivative_to_what_is_closed_over() -> None:
    case = replace(FLOAT, around=(Around("vjp", ("closure",)),))
    cotangent = expected(case, 3).output["cotangent"]["closure"]
    assert plain(cotangent) == [[-3 * 2 * 0.5, -3 * -1 * 0.5, -3 * -1 * 2]]


def test_second_derivative_of_a_square() -> None:
    body = Body(steps=(Step("square at", number=0),))
    around = (Around("jvp", ("carry",)), Around("vjp", ("carry",)))
    case = replace(FLOAT, body=body, around=around)
    output = expected(case, 1).output
    assert plain(output["value"]["cotangent"]["carry"]) == [2 * -3.0]
    assert plain(output["tangent"]) == [2.0, 2 * -3.0]  # of the cotangent, and of the value


def test_a_derivative_of_its_own() -> None:
    case = replace(FLOAT, body=Body(steps=(Step("custom"),)), around=(Around("jvp", ("carry",)),))
    output = expected(case, 1).output
    assert (plain(output["value"]["carry"]), plain(output["tangent"])) == ([3.0], [1.0])


def test_bfloat16_is_rounded_to_eight_bits() -> None:
    case = LoopCase(carry=Carry("leaf", (Leaf("bfloat16", ()),)), body=Body(steps=(Step("half"),)))
    assert np.float32(value_of(case, 1)) == np.float32(-1.5)


class TestHalfPrecision:
    @staticmethod
    def leaf_of(steps: tuple[Step, ...], values: str = "highest") -> Jet:
        carry = Carry("leaf", (Leaf("float16", (), values),))
        leaf = expected(LoopCase(carry=carry, body=Body(steps=steps)), 1).output["carry"][0]
        assert isinstance(leaf, Jet)
        return leaf

    def test_one_rounding_is_known(self) -> None:
        leaf = self.leaf_of((Step("bump"),), "small")
        assert leaf.error is None

    def test_two_roundings_may_become_one(self) -> None:
        leaf = self.leaf_of((Step("half"), Step("half")))
        exact = 65504.0 + 3.0
        assert leaf.error is not None
        assert abs(exact - leaf.value) <= leaf.error

    def test_an_operand_of_a_callback_may_be_rounded_otherwise(self) -> None:
        body = Body(steps=(Step("half"), Step("half")), effects=(Effect("ordered", "value"),))
        carry = Carry("leaf", (Leaf("float16", (), "highest"),))
        assert not is_exact(expected(LoopCase(carry=carry, body=body), 1))
