"""Oracle, interpreter and emitted source agree on body programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.oracle import programs as oracle
from foricheck.oracle.loop import fori_loop
from foricheck.programs import interpreter, lowering
from foricheck.programs.program import CONST, INDEX, OPS, ROWS, SLOTS, WIDTH, encode, recorder, show

INT32 = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.sampled_from([0, 1, -1, 7, 8, -8, 2**31 - 1, -(2**31)]),
)
INSTRUCTIONS = st.tuples(
    st.sampled_from(OPS),
    st.integers(0, ROWS - 1),
    st.integers(0, ROWS + 1),
    st.integers(0, ROWS + 1),
    INT32,
)
PROGRAMS = st.lists(INSTRUCTIONS, max_size=SLOTS).map(encode)
REGISTERS = arrays(np.int32, (ROWS, WIDTH), elements=INT32)
LOWERS = st.one_of(st.integers(-9, 9), st.sampled_from([-(2**31), 2**31 - 9]))
TRIPS = st.integers(-1, 8)

Execute = Callable[[Array, int, int, Array], Array]
"""A function of a program, bounds and registers that returns registers."""


def by_oracle(code: Array, lower: int, upper: int, registers: Array) -> Array:
    return oracle.run(one_loop(code, lower, upper, registers))[0]


def by_interpreter(code: Array, lower: int, upper: int, registers: Array) -> Array:
    return np.asarray(_interpreted()(code, np.int32(lower), np.int32(upper), registers))


def by_numpy(code: Array, lower: int, upper: int, registers: Array) -> Array:
    with np.errstate(over="ignore"):  # wraps modulo 2**32
        got: Array = fori_loop(lower, upper, lowering.body_of(code, np), registers)
    return got


def by_jax_numpy(code: Array, lower: int, upper: int, registers: Array) -> Array:
    state = jnp.asarray(registers)
    body = lowering.body_of(code, jnp)
    for i in range(lower, upper):
        state = body(i, state)
    return np.asarray(state)


def by_pasted_lines(code: Array, lower: int, upper: int, registers: Array) -> Array:
    with np.errstate(over="ignore"):  # wraps modulo 2**32
        got: Array = fori_loop(lower, upper, pasted(lowering.source(code), np)["body"], registers)
    return got


def by_a_family(code: Array, lower: int, upper: int, registers: Array) -> Array:
    body = lowering.family_of(code, np)(*map(int, code[:, 4]))
    with np.errstate(over="ignore"):  # wraps modulo 2**32
        got: Array = fori_loop(lower, upper, body, registers)
    return got


WAYS = [by_interpreter, by_numpy, by_jax_numpy, by_pasted_lines, by_a_family]


@cache
def _interpreted() -> Callable[..., jax.Array]:
    def run(code: jax.Array, lower: jax.Array, upper: jax.Array, c: jax.Array) -> jax.Array:
        got: jax.Array = jax.lax.fori_loop(lower, upper, interpreter.body_of(code), c)
        return got

    return jax.jit(run)


def pasted(source: str, namespace: ModuleType) -> dict[str, Any]:
    """The names defined by the emitted lines if only ``xp`` is defined before."""
    scope: dict[str, Any] = {"xp": namespace}
    exec(source, scope)
    return scope


def one_loop(code: Array, lower: int, upper: int, registers: Array) -> LoopBatch:
    bounds = (np.array([bound], np.int64) for bound in (lower, upper))
    return LoopBatch("int32", *bounds, code[None], registers[None])


@pytest.mark.parametrize("execute", WAYS)
@given(code=PROGRAMS, lower=LOWERS, trips=TRIPS, registers=REGISTERS)
def test_a_program_means_what_the_oracle_says(
    execute: Execute, code: Array, lower: int, trips: int, registers: Array
) -> None:
    upper = max(lower + trips, -(2**31))
    got = execute(code, lower, upper, registers)
    np.testing.assert_array_equal(got, by_oracle(code, lower, upper, registers), strict=True)


@pytest.mark.parametrize("execute", [by_oracle, *WAYS])
@pytest.mark.parametrize("op", OPS)
@settings(max_examples=5)
@given(data=st.data(), registers=REGISTERS)
def test_each_instruction_does_what_is_written(
    execute: Execute, op: str, data: st.DataObject, registers: Array
) -> None:
    """One instruction at index 3, compared with its definition over Python integers."""
    _, dst, a, b, k = data.draw(INSTRUCTIONS)
    got = execute(encode([(op, dst, a, b, k)]), 3, 4, registers)
    assert got.tolist() == defined(op, dst, a, b, k, registers.tolist())


def defined(op: str, dst: int, a: int, b: int, k: int, rows: list[list[int]]) -> list[list[int]]:
    """The registers after one instruction, according to ``foricheck.programs.program``."""
    operands = {INDEX: [3] * WIDTH, CONST: [k] * WIDTH} | dict(enumerate(rows))
    left, right = operands[a], operands[b]
    pairwise: dict[str, Callable[[int, int], int]] = {
        "add": lambda one, other: one + other,
        "sub": lambda one, other: one - other,
        "mul": lambda one, other: one * other,
        "and": lambda one, other: one & other,
        "or": lambda one, other: one | other,
        "xor": lambda one, other: one ^ other,
        "min": min,
        "max": max,
    }
    after = [list(row) for row in rows]
    match op:
        case "nop":
            pass
        case "copy":
            after[dst] = left
        case "put":
            after[dst][left[0] % WIDTH] = right[0]
        case "get":
            after[dst] = [left[right[0] % WIDTH]] * WIDTH
        case "roll":
            after[dst] = [left[(j - right[0]) % WIDTH] for j in range(WIDTH)]
        case "scan":
            after[dst] = [sum(left[: j + 1]) for j in range(WIDTH)]
        case "swap":
            after[dst], after[a % ROWS] = rows[a % ROWS], rows[dst]
        case _:
            after[dst] = [pairwise[op](*pair) for pair in zip(left, right, strict=True)]
    return [[(value + 2**31) % 2**32 - 2**31 for value in row] for row in after]


@settings(max_examples=30)
@given(
    cases=st.lists(st.tuples(PROGRAMS, LOWERS, TRIPS, REGISTERS), min_size=1, max_size=5),
)
def test_lanes_of_the_oracle_do_not_disturb_each_other(cases: list[Any]) -> None:
    code, lower, trips, registers = zip(*cases, strict=True)
    bounds = np.array(lower, np.int64), np.array(lower, np.int64) + np.array(trips)
    batch = LoopBatch("int32", *bounds, np.stack(code), np.stack(registers))
    alone = [oracle.run(batch.lane(n))[0] for n in range(len(batch))]
    np.testing.assert_array_equal(oracle.run(batch), alone)


@settings(max_examples=30)
@given(code=PROGRAMS, lower=st.integers(-3, 3), trips=st.integers(-1, 3), registers=REGISTERS)
def test_nested_loops_of_the_oracle_are_loops_in_loops(
    code: Array, lower: int, trips: int, registers: Array
) -> None:
    state = registers
    for i in range(lower, lower + trips):
        state = by_oracle(code, 0, i, state)
    got = oracle.run_nested(one_loop(code, lower, lower + trips, registers))[0]
    np.testing.assert_array_equal(got, state)


def recorder_over(dtype: str, lower: int, upper: int) -> LoopBatch:
    wide = np.uint64 if dtype == "uint64" else np.int64
    bounds = (np.array([bound], wide) for bound in (lower, upper))
    empty = np.zeros((1, ROWS, WIDTH), np.int32)
    return LoopBatch(dtype, *bounds, recorder()[None], empty)


class TestRecorder:
    @settings(max_examples=30)
    @given(lower=st.integers(-300, 300), trips=st.integers(-20, 300))
    def test_its_closed_form_is_what_it_does(self, lower: int, trips: int) -> None:
        cases = recorder_over("int32", lower, lower + trips)
        np.testing.assert_array_equal(oracle.recorded(cases), oracle.run(cases))

    @pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "uint32", "int64", "uint64"])
    @pytest.mark.parametrize("trips", [0, 1, 7, 8, 9])
    @pytest.mark.parametrize("end", ["min", "max"])
    def test_the_two_agree_at_the_extremes(self, dtype: str, trips: int, end: str) -> None:
        limits = np.iinfo(dtype)
        lower = limits.min if end == "min" else limits.max - trips
        cases = recorder_over(dtype, lower, lower + trips)
        np.testing.assert_array_equal(oracle.recorded(cases), oracle.run(cases))

    @given(lower=st.integers(-99, 99), trips=st.integers(0, 40))
    def test_it_records_the_indices(self, lower: int, trips: int) -> None:
        record = oracle.run(recorder_over("int32", lower, lower + trips))[0]
        last = range(max(lower, lower + trips - WIDTH), lower + trips)
        assert record[1].tolist() == [trips] * WIDTH
        assert [record[0, (i - lower) % WIDTH] for i in last] == list(last)

    def test_a_missing_index_and_a_wrong_order_differ(self) -> None:
        """Short loops near 0 have distinct records."""
        ranges = [(lower, lower + trips) for lower in range(-20, 20) for trips in range(1, 30)]
        lower, upper = np.array(ranges, np.int64).T
        code = np.broadcast_to(recorder(), (len(ranges), SLOTS, 5))
        carry = np.zeros((len(ranges), ROWS, WIDTH), np.int32)
        records = oracle.run(LoopBatch("int32", lower, upper, code, carry))
        assert len({record.tobytes() for record in records}) == len(ranges)

    @given(
        lower=st.integers(-(2**31), 2**31),
        trips=st.integers(0, 60),
        start=st.integers(0, 2**32 - 1),
        multiplier=st.integers(0, 2**32 - 1),
    )
    def test_the_affine_hash_is_its_recurrence(
        self, lower: int, trips: int, start: int, multiplier: int
    ) -> None:
        value = start
        for i in range(lower, lower + trips):
            value = (multiplier * value + i) % 2**32
        hashed = oracle.affine(
            np.array([lower]), np.array([trips]), multiplier=multiplier, start=start
        )
        assert hashed.tolist() == [value]


class TestSource:
    @given(code=PROGRAMS)
    def test_the_lines_name_nothing_but_the_namespace(self, code: Array) -> None:
        body = pasted(lowering.source(code), np)["body"]
        assert set(body.__code__.co_names) <= {"xp", *dir(np), *dir(np.ndarray)}

    @given(code=PROGRAMS)
    def test_the_body_that_runs_is_the_one_of_the_lines(self, code: Array) -> None:
        one, other = lowering.body_of(code, np), pasted(lowering.source(code), np)["body"]
        assert one.__code__.co_code == other.__code__.co_code  # type: ignore[attr-defined]
        assert one.__code__.co_consts == other.__code__.co_consts  # type: ignore[attr-defined]

    @given(code=PROGRAMS)
    def test_the_family_that_runs_is_the_one_of_the_lines(self, code: Array) -> None:
        one = lowering.family_of(code, np)
        other = pasted(lowering.family_source(code), np)["family"]
        assert one.__code__.co_code == other.__code__.co_code  # type: ignore[attr-defined]

    def test_bodies_are_fresh(self) -> None:
        assert lowering.body_of(recorder(), np) is not lowering.body_of(recorder(), np)

    def test_bodies_of_a_family_share_their_code(self) -> None:
        family = lowering.family_of(recorder(), np)
        one, other = family(1, 2, 3, 4), family(4, 3, 2, 1)
        assert one.__code__ is other.__code__  # type: ignore[attr-defined]

    def test_idle_instructions_are_not_written(self) -> None:
        assert lowering.source(encode([])) == (
            "def body(i, c):\n    r0, r1, r2, r3 = c\n    return xp.stack([r0, r1, r2, r3])"
        )


class TestPrograms:
    def test_a_program_is_not_longer_than_its_slots(self) -> None:
        with pytest.raises(ValueError, match=f"at most {SLOTS} instructions, not {SLOTS + 1}"):
            encode([("nop", 0, 0, 0, 0)] * (SLOTS + 1))

    def test_an_empty_program_is_shown_as_the_identity(self) -> None:
        assert show(encode([])) == "the identity"

    def test_an_instruction_is_shown_with_its_operands(self) -> None:
        code = encode([("add", 1, INDEX, CONST, -7), ("scan", 2, 3, 0, 0)])
        assert show(code) == "r1 ← add i, -7\nr2 ← scan r3"

    @pytest.mark.parametrize("op", OPS[1:])
    def test_every_instruction_can_be_shown(self, op: str) -> None:
        assert op in show(encode([(op, 0, 1, 2, 3)]))
