"""Strict comparison: structure, dtype, shape and every bit."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from foricheck.cases.containers import Checked
from foricheck.comparison.trees import (
    array_of,
    children,
    difference,
    differs,
    show,
    show_first_lane,
    with_an_end,
)
from foricheck.comparison.violations import Difference
from foricheck.programs.containers import Pair, Point

ONES = np.ones(2, np.float32)
NAN, OTHER_NAN = (np.array([bits], np.uint32).view(np.float32) for bits in (0x7FC00000, 0xFFC00001))

DTYPES = st.sampled_from(
    ["bool", "int8", "int64", "uint16", "uint64", "float16", "float32", "float64", "complex64"]
)
ARRAYS = DTYPES.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, min_side=0)))
TREES = st.recursive(
    ARRAYS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abc"), inner),
        st.tuples(inner, inner).map(lambda pair: Pair(*pair)),
        st.tuples(inner, inner).map(lambda pair: Point(*pair)),
        st.none(),
    ),
    max_leaves=5,
)


def why(expected: Any, got: Any) -> str:
    """What kind of difference there is."""
    found = difference(expected, got)
    assert found is not None
    return found.why


@given(tree=TREES)
def test_a_value_is_no_different_from_itself(tree: Any) -> None:
    assert difference(tree, tree) is None


@given(tree=TREES)
def test_every_value_can_be_shown(tree: Any) -> None:
    assert "\n" not in show(tree)


@given(array=ARRAYS.filter(lambda array: array.size and array.dtype != bool), data=st.data())
def test_one_bit_is_a_difference(array: Any, data: st.DataObject) -> None:
    other = array.copy()
    data_bytes = other.reshape(-1).view(np.uint8)
    data_bytes[data.draw(st.integers(0, data_bytes.size - 1))] ^= 1
    assert difference(array, other) is not None or _nan_in_both(array, other)


def _nan_in_both(one: Any, other: Any) -> bool:
    return bool(np.isnan(one).any() and np.isnan(other).any())


class TestStructure:
    @pytest.mark.parametrize(
        ("expected", "got"),
        [
            ((ONES, ONES), [ONES, ONES]),
            ([ONES], (ONES,)),
            ((ONES,), (ONES, ONES)),
            ((ONES,), ONES),
            (ONES, (ONES,)),
            ({"a": ONES}, {"b": ONES}),
            ({"a": ONES}, {"a": ONES, "b": ONES}),
            ({"a": ONES}, {}),
            (None, ONES),
            (ONES, None),
            ((None,), ()),
            (Pair(ONES, ONES), (ONES, ONES)),
            ((ONES, ONES), Pair(ONES, ONES)),
            (Point(ONES, ONES), Pair(ONES, ONES)),
            ((), []),
            ({1: ONES}, {"1": ONES}),
        ],
    )
    def test_another_container_is_a_difference(self, expected: Any, got: Any) -> None:
        assert why(expected, got) == "structure"

    def test_the_order_of_keys_is_none(self) -> None:
        assert difference({"a": ONES, "b": -ONES}, {"b": -ONES, "a": ONES}) is None

    @pytest.mark.parametrize(
        ("tree", "path"),
        [
            (lambda leaf: leaf, ""),
            (lambda leaf: (ONES, leaf), "[1]"),
            (lambda leaf: {"a": [ONES, leaf]}, "['a'][1]"),
            (lambda leaf: Pair(ONES, Point(leaf, ONES)), ".b.x"),
        ],
    )
    def test_the_path_leads_to_the_leaf(self, tree: Any, path: str) -> None:
        wide = np.ones(2)
        assert difference(tree(ONES), tree(wide)) == Difference(
            path, "dtype float32", "dtype float64", "dtype"
        )

    def test_the_first_difference_is_told(self) -> None:
        found = difference([ONES, ONES], [ONES + 1, ONES + 2])
        assert found is not None
        assert found.path == "[0][0]"


class TestLeaves:
    def test_another_dtype(self) -> None:
        assert why(ONES, ONES.astype(np.float64)) == "dtype"

    def test_a_weak_number_is_its_dtype(self) -> None:
        assert why(np.int32(1), 1) == "dtype"

    @pytest.mark.parametrize("got", [np.ones((2, 1), np.float32), np.float32(1), ONES[:1]])
    def test_another_shape(self, got: Any) -> None:
        assert why(ONES, got) == "shape"

    def test_empty_arrays_of_other_shapes(self) -> None:
        assert why(np.ones((0, 2)), np.ones((2, 0))) == "shape"

    def test_a_jax_array_is_an_array(self) -> None:
        assert difference(ONES, jnp.ones(2)) is None

    def test_an_array_of_another_library_in_half_precision(self) -> None:
        x = jnp.array([1, 2], jnp.bfloat16)
        assert difference(np.asarray(x), x) is None
        assert why(np.asarray(x), x + 1) == "value"

    def test_the_element_is_told(self) -> None:
        expected, got = np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3)
        got[1, 2] = 7
        assert difference(expected, got) == Difference("[1, 2]", "5", "7", "value")

    def test_a_scalar_has_no_element(self) -> None:
        assert difference(np.int32(1), np.int32(2)) == Difference("", "1", "2", "value")


class TestBits:
    def test_the_zeros_differ(self) -> None:
        assert why(np.float32(0), np.float32(-0.0)) == "value"

    def test_the_zeros_of_an_imaginary_part_differ(self) -> None:
        assert why(np.complex64(complex(1, 0.0)), np.complex64(complex(1, -0.0))) == "value"

    def test_nan_is_one_class(self) -> None:
        assert difference(NAN, OTHER_NAN) is None

    def test_nan_is_no_number(self) -> None:
        assert why(NAN, np.zeros(1, np.float32)) == "value"

    def test_the_infinities_differ(self) -> None:
        assert why(np.float32(np.inf), np.float32(-np.inf)) == "value"

    @pytest.mark.parametrize("dtype", ["int64", "uint64"])
    def test_neighbours_beyond_double_precision_differ(self, dtype: str) -> None:
        top = np.iinfo(dtype).max
        assert why(np.array(top, dtype), np.array(top - 1, dtype)) == "value"

    def test_neighbouring_floats_differ(self) -> None:
        assert differs(ONES, np.nextafter(ONES, np.float32(2))).all()

    def test_only_places_that_differ_are_told(self) -> None:
        one, other = np.array([0.0, -0.0, np.nan, 1.0]), np.array([-0.0, -0.0, np.nan, 2.0])
        assert differs(one, other).tolist() == [True, False, False, True]

    def test_booleans_differ(self) -> None:
        assert differs(np.array([True, False]), np.array([True, True])).tolist() == [False, True]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (np.int32(3), "int32[] 3"),
        (np.array([1, 2], np.int8), "int8[2] [1, 2]"),
        ((np.int32(1), None), "tuple([0]: int32[] 1, [1]: None)"),
        ({"a": np.int32(1)}, "dict(['a']: int32[] 1)"),
        ([], "list()"),
        (np.zeros((0, 2), np.float32), "float32[0, 2] []"),
    ],
)
def test_a_value_is_shown_with_its_type(value: Any, text: str) -> None:
    assert show(value) == text


def test_the_order_of_keys_matters_where_the_type_has_one() -> None:
    entries = [("b", ONES), ("a", ONES)]
    assert why(OrderedDict(entries), OrderedDict(entries[::-1])) == "structure"
    assert difference(dict(entries), dict(entries[::-1])) is None


def test_a_mapping_of_another_type_differs() -> None:
    assert why(OrderedDict(a=ONES), {"a": ONES}) == "structure"


class EqualToEverything(np.ndarray):
    """An array that says it is equal to any other."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, bool)

    def __ne__(self, other: object) -> Any:
        return np.zeros(self.shape, bool)

    __hash__ = None  # type: ignore[assignment]  # as of every array


class Pretender:
    """An object with the dtype and the shape of an array, whose elements are objects."""

    dtype, shape = np.dtype(np.int32), (2,)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([object(), object()])


class TestLyingArrays:
    def test_an_array_that_is_equal_to_everything_differs(self) -> None:
        lying = np.array([5, 6]).view(EqualToEverything)
        assert difference(np.array([1, 2]), lying) is not None

    def test_an_object_with_a_dtype_is_not_an_array_of_it(self) -> None:
        assert array_of(Pretender(), np.dtype(np.int32), (2,)) is None

    def test_an_array_is_taken_without_its_class(self) -> None:
        lying = np.array([5, 6], np.int32).view(EqualToEverything)
        assert type(array_of(lying, np.dtype(np.int32), (2,))) is np.ndarray

    def test_a_list_is_not_an_array(self) -> None:
        assert array_of([1, 2], np.dtype(np.int64), (2,)) is None


class TestFirstLane:
    def test_a_result_is_shown_as_a_caller_sees_it(self) -> None:
        got = np.zeros((1, 1, 8), np.float32)
        assert show_first_lane(got, 1).startswith("float32[1, 8] ")

    def test_within_containers(self) -> None:
        got = {"a": (np.zeros((2, 3), np.int32), [np.zeros((2,), np.int32)])}
        assert show_first_lane(got, 2) == (
            "dict(['a']: tuple([0]: int32[3] [0, 0, 0], [1]: list([0]: int32[] 0)))"
        )

    def test_what_is_no_stack_of_lanes_is_shown_whole(self) -> None:
        assert show_first_lane(np.zeros(3, np.int32), 2).startswith("int32[3]")


class TestChildren:
    def test_a_node_may_name_its_fields_by_a_property(self) -> None:
        assert children(Checked(np.ones(2))) is not None

    def test_an_object_with_every_attribute_is_a_leaf(self) -> None:
        class Anything:
            def __getattr__(self, name: str) -> object:
                return self

        assert children(Anything()) is None

    def test_a_list_that_contains_itself_has_no_end(self) -> None:
        around: list[object] = []
        around.append(around)
        with pytest.raises(ValueError, match="contains itself"):
            with_an_end(around)
