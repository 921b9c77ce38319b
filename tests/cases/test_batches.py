"""Batches of cases and their lossless JSON form."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.loop import LoopBatch, Snippet
from foricheck.cases.recurrence import Call, RecurrenceBatch

LANES = st.integers(1, 4)


@st.composite
def loop_batches(draw: st.DrawFn) -> LoopBatch:
    lanes = draw(LANES)
    dtype = draw(st.sampled_from(["int8", "int64", "uint64"]))
    bounds = arrays(np.uint64 if dtype == "uint64" else np.int64, lanes)
    code, carry = arrays(np.int32, (lanes, 2, 5)), arrays(np.int32, (lanes, 4, 8))
    return LoopBatch(dtype, draw(bounds), draw(bounds), draw(code), draw(carry))


@st.composite
def recurrence_batches(draw: st.DrawFn) -> RecurrenceBatch:
    lanes, hidden = draw(LANES), draw(st.integers(1, 3))
    bits = draw(arrays(np.uint32, (lanes, hidden)))  # every float32, including NaN payloads
    whole = arrays(np.int64, lanes)
    return RecurrenceBatch(hidden, draw(whole), bits.view(np.float32), draw(whole))


TEXTS = [st.text()] * 4
BATCHES = st.one_of(
    loop_batches(), recurrence_batches(), st.builds(Snippet, *TEXTS), st.builds(Call, *TEXTS)
)


def same_bits(one: Batch, other: Batch) -> bool:
    if type(one) is not type(other):
        return False
    pairs = [(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)]
    return all(_same(*pair) for pair in pairs)


def _same(one: Any, other: Any) -> bool:
    if not isinstance(one, np.ndarray):
        return bool(one == other)
    alike = (one.dtype, one.shape) == (other.dtype, other.shape)
    return alike and one.tobytes() == other.tobytes()


def there_and_back(batch: Batch) -> Batch:
    return batch_from_json(json.loads(json.dumps(batch.to_json())))


class TestJson:
    @given(batch=BATCHES)
    def test_a_batch_comes_back_bit_for_bit(self, batch: Batch) -> None:
        assert same_bits(there_and_back(batch), batch)

    @pytest.mark.parametrize("bits", [0x7FC12345, 0xFFC00000, 0x7F800001, 0x80000000, 0x00000001])
    def test_so_do_nan_payloads_and_zeros(self, bits: int) -> None:
        x = np.array([[bits]], np.uint32).view(np.float32)
        batch = RecurrenceBatch(1, np.array([0]), x, np.array([0]))
        got = there_and_back(batch)
        assert isinstance(got, RecurrenceBatch)
        assert got.x.view(np.uint32).item() == bits

    def test_so_does_the_largest_uint64(self) -> None:
        top = np.array([2**64 - 1], np.uint64)
        code, carry = np.zeros((1, 4, 5), np.int32), np.zeros((1, 4, 8), np.int32)
        got = there_and_back(LoopBatch("uint64", top, top, code, carry))
        assert isinstance(got, LoopBatch)
        assert got.upper.item() == 2**64 - 1

    def test_what_comes_back_can_be_written_to(self) -> None:
        got = there_and_back(RecurrenceBatch(1, np.array([0]), np.ones((1, 1)), np.array([0])))
        assert isinstance(got, RecurrenceBatch)
        got.T[0] = 1

    def test_the_bytes_are_little_endian(self) -> None:
        big = np.array([1], ">i8")
        value = RecurrenceBatch(1, big, np.ones((1, 1), np.float32), big).to_json()
        assert value["seed"]["hex"] == "0100000000000000"

    @pytest.mark.parametrize("value", [{}, {"sort": "poem"}, {"sort": None}])
    def test_another_value_is_refused(self, value: Any) -> None:
        with pytest.raises(ValueError, match="not a batch of cases: sort is"):
            batch_from_json(value)

    @given(batch=BATCHES)
    def test_reading_leaves_the_value_alone(self, batch: Batch) -> None:
        value = batch.to_json()
        before = json.dumps(value)
        batch_from_json(value)
        assert json.dumps(value) == before


class TestDigest:
    @given(batch=BATCHES)
    def test_it_is_the_same_after_json(self, batch: Batch) -> None:
        assert there_and_back(batch).digest() == batch.digest()

    @given(one=BATCHES, other=BATCHES)
    def test_different_batches_have_different_digests(self, one: Batch, other: Batch) -> None:
        assert (one.digest() == other.digest()) is same_bits(one, other)


class TestLanes:
    @given(batch=st.one_of(loop_batches(), recurrence_batches()))
    def test_a_lane_is_a_batch_of_one(self, batch: Batch) -> None:
        assert [len(batch.lane(n)) for n in range(len(batch))] == [1] * len(batch)

    @given(batch=loop_batches())
    def test_lanes_keep_their_order(self, batch: LoopBatch) -> None:
        again = np.concatenate([batch.lane(n).carry for n in range(len(batch))])
        np.testing.assert_array_equal(again, batch.carry)

    @given(batch=recurrence_batches())
    def test_lanes_can_be_chosen(self, batch: RecurrenceBatch) -> None:
        assert same_bits(batch.lanes(np.array([0, 0])).lane(1), batch.lane(0))

    def test_a_snippet_is_one_case(self) -> None:
        assert len(Snippet("0", "1", "", "")) == 1


class TestCalls:
    def test_its_values_are_what_is_written(self) -> None:
        seed, x, hidden, T = Call("7.5", "np.ones(3, np.float32)", "3", "float('inf')").values()
        assert (seed, hidden, T) == (7.5, 3, np.inf)
        assert x.dtype == np.float32

    def test_truncation_cuts_the_numbers_and_leaves_x(self) -> None:
        call = Call("-3.9", "np.ones(3)", "np.float32(3.5)", "-0.5")
        assert call.truncated() == Call("-3", "np.ones(3)", "3", "0")
