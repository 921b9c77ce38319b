"""The oracle and the emitted NumPy and JAX sources agree on structured programs."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.cases.batch import Array
from foricheck.cases.loop import StructuredBatch
from foricheck.cases.variants import PLAIN, STATIC_JIT, TRACED, Variant
from foricheck.comparison.trees import difference
from foricheck.evidence.script import describe, script
from foricheck.oracle import structured as oracle
from foricheck.programs import structured_text
from foricheck.programs.structured import (
    FLOAT_OPS,
    INTEGERS,
    OPS,
    SHAPES,
    Instruction,
    ops_of,
    program,
)
from foricheck.rules.selection import select
from foricheck.strategies.iter.structured import STRUCTURED, floating, programs
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import of_callable, reference

INT32 = ("int32", None, True)
RULE = select("ITER-11", frozenset({"loop"}))[0]
GRID = [("int32", (4, 4), 1, 0), ("int32", (4, 4), 1, 100)]


def python_loop(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
    for i in range(int(lower), int(upper)):
        init_val = body_fun(i, init_val)
    return init_val


def by_text(case: StructuredBatch) -> Any:
    """The NumPy source in a Python loop."""
    body = structured_text.body_of(case, np, {"fori_loop": python_loop})
    with np.errstate(over="ignore"):  # integers wrap
        return python_loop(case.lower[0], case.upper[0], body, structured_text.carry_of(case))


def by_oracle(case: StructuredBatch) -> Any:
    return oracle.run(case)[0]


def after(instruction: Instruction, *, i: int = 5, leaves: Any = GRID) -> Array:
    """The first leaf after one instruction, at one index."""
    result: Array = by_oracle(program(i, i + 1, [instruction], leaves))[0]
    return result


def one_of_each_op() -> list[StructuredBatch]:
    """One program per instruction, with leaves of different types."""
    kinds = [
        (INTEGERS[n % len(INTEGERS)], SHAPES[(n + 1) % len(SHAPES)], 12345, n - 9)
        for n in range(len(OPS) + 1)
    ]
    return [program(4, 7, [(op, 0, 1, n, 1 + n % 7)], kinds[n : n + 2]) for n, op in enumerate(OPS)]


@pytest.mark.parametrize("decode", [programs, floating])
@given(choices=st.binary(min_size=STRUCTURED, max_size=STRUCTURED))
def test_text_over_numpy_means_what_the_oracle_says(decode: Any, choices: bytes) -> None:
    case = decode(INT32, np.frombuffer(choices, np.uint8)[None])
    assert difference(by_oracle(case), by_text(case)) is None


@pytest.mark.parametrize("op", FLOAT_OPS)
def test_each_instruction_over_floats(op: str) -> None:
    leaves = [("float32", (4, 4), 3, 1), ("float32", (16,), 1, 0)]
    case = program(4, 7, [(op, 0, 1, 1, 3)], leaves)
    assert difference(by_oracle(case), by_text(case)) is None


@pytest.mark.parametrize("case", one_of_each_op(), ids=OPS)
def test_each_instruction_over_numpy(case: StructuredBatch) -> None:
    assert difference(by_oracle(case), by_text(case)) is None


@pytest.mark.parametrize("variant", [STATIC_JIT, TRACED], ids=str)
def test_each_instruction_over_jax(variant: Variant) -> None:
    each = one_of_each_op()
    columns = ("lower", "upper", "code", "count", "leaves")
    stacked = {name: np.concatenate([getattr(case, name) for case in each]) for name in columns}
    cases = StructuredBatch("int32", None, **stacked)
    got = JaxLoop(reference(), variant).run_case(cases)
    wrong = [
        OPS[n]
        for n, pair in enumerate(zip(oracle.run(cases), got, strict=True))
        if difference(*pair)
    ]
    assert wrong == []


class TestInstructions:
    """Compared with results computed by hand, on 0 … 15 and 100 … 115 as 4 × 4 matrices."""

    def test_a_window_that_fits_starts_at_the_index(self) -> None:
        got = after(("window", 0, 1, 0, 1), i=1)
        np.testing.assert_array_equal(got[:, 0], [104, 108, 8, 12])

    def test_a_window_that_does_not_fit_starts_earlier(self) -> None:
        leaves = [("int32", (16,), 1, 0)]
        got = after(("window", 0, 0, 0, 1), i=13, leaves=leaves)
        np.testing.assert_array_equal(got[:8], range(8, 16))

    def test_a_window_is_laid_where_it_fits(self) -> None:
        got = after(("set_window", 0, 1, 1, 1), i=2)
        np.testing.assert_array_equal(got[0], [0, 1, 100, 101])

    def test_shove_reads_before_it_writes(self) -> None:
        got = after(("shift_right", 0, 0, 0, 1))
        np.testing.assert_array_equal(got[:, 0], [0, 0, 4, 8])

    def test_put_at_the_index(self) -> None:
        got = after(("put", 0, 1, 0, 1), i=-1)  # −1 mod 3 is 2
        np.testing.assert_array_equal(got[:, 0], [0, 4, 112, 12])

    def test_pile_adds(self) -> None:
        got = after(("add_at", 0, 1, 0, 2), i=3)  # 3 mod 3 is 0
        np.testing.assert_array_equal(got[:, 0], [108, 4, 8, 12])

    def test_scatter_adds_at_repeated_positions(self) -> None:
        leaves = [("int32", (16,), 1, 0), ("int32", (16,), 16, 1)]  # every position is 1
        got = after(("scatter", 0, 1, 0, 1), leaves=leaves)
        assert got[1] == 1 + sum(16 * j + 1 for j in range(16))

    def test_suffix_sums_from_each_place_on(self) -> None:
        np.testing.assert_array_equal(after(("suffix", 0, 0, 1, 1))[0], [6, 6, 5, 3])

    def test_comb(self) -> None:
        got = after(("interleave", 0, 1, 0, 1)).ravel()
        np.testing.assert_array_equal(got[[0, 1, 7, 8, 9]], [100, 102, 114, 1, 3])

    def test_turn_goes_around(self) -> None:
        np.testing.assert_array_equal(after(("roll_by_i", 0, 0, 1, 1), i=4)[0], [3, 0, 1, 2])

    def test_spin_is_an_inner_loop_to_the_index(self) -> None:
        got = after(("roll_loop", 0, 1, 0, 1), i=4)  # one trip
        np.testing.assert_array_equal(got[:, 0], [112, 104, 112, 120])

    def test_an_inner_loop(self) -> None:
        assert after(("loop", 0, 1, 0, 2))[0, 1] == 3 * (3 * 1 + 101 + 0) + 101 + 1

    def test_narrow_integers_wrap(self) -> None:
        got = after(("scale", 0, 0, 0, 7), leaves=[("int8", (16,), 1, 100)])
        assert got[0] == (700 + 1 + 128) % 256 - 128

    def test_a_leaf_is_brought_to_the_other_ones_type(self) -> None:
        leaves = [("uint8", (16,), 1, 0), ("int16", (4, 4), 1, -3)]
        got = after(("copy", 0, 1, 0, 1), leaves=leaves)
        assert (got.dtype.name, got.shape, got[0]) == ("uint8", (16,), 253)

    def test_leaves_that_swap_keep_their_types(self) -> None:
        leaves = [("uint8", (16,), 1, 0), ("int16", (4, 4), 1, 7)]
        a, b = by_oracle(program(0, 1, [("swap", 0, 1, 0, 1)], leaves))
        assert (a[0], b[0, 0], a.dtype.name, b.dtype.name) == (7, 0, "uint8", "int16")


class TestInstructionsOverFloats:
    """Compared with results computed by hand, on 0, -0, 1, -1, 2.5, -0.25, 96, NaN, repeated."""

    LEAVES = (("float32", (16,), 1, 0),)

    def test_zero_added_to_minus_zero_is_zero(self) -> None:
        got = after(("plus", 0, 0, 0, 1), leaves=self.LEAVES)
        np.testing.assert_array_equal(np.signbit(got[:4]), [False, False, False, True])

    def test_the_size_of_minus_zero_is_zero(self) -> None:
        got = after(("abs", 0, 0, 0, 1), leaves=self.LEAVES)
        np.testing.assert_array_equal(got[:8], [0, 0, 1, 1, 2.5, 0.25, 96, np.nan])
        assert not np.signbit(got[1])

    def test_a_gate_keeps_nan_and_signs(self) -> None:
        got = after(("gate", 0, 0, 0, 1), leaves=self.LEAVES)
        np.testing.assert_array_equal(got[:8], [0, 0, 1, 0, 2.5, 0, 96, np.nan])
        np.testing.assert_array_equal(np.flatnonzero(np.signbit(got[:7])), [1, 3, 5])

    def test_where_it_is_nan_it_is_not_kept(self) -> None:
        leaves = (*self.LEAVES, ("float32", (16,), 1, 1))  # -0, 1, -1, 2.5, -0.25, 96, NaN, 0
        got = after(("keep", 0, 1, 0, 1), leaves=leaves)
        np.testing.assert_array_equal(got[:8], [0, -0.0, -1, -1, -0.25, -0.25, np.nan, np.nan])


class TestText:
    def test_it_reads_as_a_person_would_write_it(self) -> None:
        case = program(0, 1, [("put", 0, 1, 1, 2)], GRID)
        assert structured_text.body(case, "jax") == (
            "def body(i, carry):\n"
            "    a, b = carry\n"
            "    a = a.at[:, i % 3].set(b[:, (i % 3 + 2) % 4])\n"
            "    return a, b\n"
        )

    def test_idle_instructions_are_not_written(self) -> None:
        case = program(0, 1, [("nop", 0, 0, 0, 0), ("swap", 0, 0, 0, 1), ("copy", 0, 0, 0, 1)])
        assert structured_text.body(case, "jax").count("\n") == 4

    def test_the_carry(self) -> None:
        case = program(0, 1, [], [("int8", (4, 4), 37, -2)])
        assert structured_text.carry(case) == (
            "((xp.arange(16) * 37 - 2).astype(xp.int8).reshape(4, 4),)"
        )

    def test_a_carry_of_floats(self) -> None:
        text = structured_text.carry(program(0, 1, [], [("float32", (16,), 3, 1)]))
        assert text == (
            "(xp.asarray([0.0, -0.0, 1.0, -1.0, 2.5, -0.25, 96.0, xp.nan], xp.float32)"
            "[(xp.arange(16) * 3 + 1) % 8],)"
        )

    def test_the_instructions_of_a_program(self) -> None:
        case = program(
            0, 1, [("roll_by_i", 0, 0, 0, 1), ("nop", 0, 0, 0, 0), ("set_window", 0, 0, 0, 1)]
        )
        assert ops_of(case.code[0]) == ("roll_by_i", "set_window")


class TestScript:
    CASE = program(0, 3, [("scatter", 0, 1, 0, 1), ("shift_right", 1, 0, 0, 1)], GRID)

    def test_over_numpy_it_prints_the_value(self) -> None:
        target = of_callable(python_loop, array_namespace="numpy")
        assert printed(script(target, RULE, PLAIN, self.CASE)) == f"{by_oracle(self.CASE)}\n"

    def test_programs_that_fail_only_together_are_called_together(self) -> None:
        both = StructuredBatch(
            "int32",
            2,
            *(
                np.concatenate([getattr(self.CASE, name)] * 2)
                for name in ("lower", "upper", "code", "count", "leaves")
            ),
        )
        text = script(reference(), RULE, STATIC_JIT, both)
        assert (
            "lambda c_0, c_1: [fori_loop(0, 3, body_0, c_0, unroll=2), "
            "fori_loop(0, 3, body_1, c_1, unroll=2)])(c_0, c_1)" in text
        )

    def test_bounds_that_are_traced_are_arguments(self) -> None:
        text = script(reference(), RULE, TRACED, self.CASE)
        assert "lower, upper = np.int32(0), np.int32(3)" in text

    def test_a_case_in_words_is_its_lines(self) -> None:
        assert "a = a.reshape(16)" in describe(self.CASE)


def printed(text: str) -> str:
    """The output of a script, which may import the loop from this module."""
    output = io.StringIO()
    text = "\n".join(line for line in text.splitlines() if "python_loop" not in line)
    with contextlib.redirect_stdout(output):
        exec(text, {"fori_loop": python_loop})
    return output.getvalue()
