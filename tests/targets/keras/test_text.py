"""Text over NumPy's functions means the same once it is written over Keras's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.oracle import programs as oracle
from foricheck.programs import lowering
from foricheck.programs.dialects import written
from foricheck.programs.keras_text import over_keras
from foricheck.programs.program import OPS, ROWS, SLOTS, WIDTH, encode

from .fake_keras import ops

INT32 = st.integers(-(2**31), 2**31 - 1)
PLACES = st.integers(0, ROWS + 1)
INSTRUCTIONS = st.tuples(st.sampled_from(OPS), st.integers(0, ROWS - 1), PLACES, PLACES, INT32)


@given(
    st.lists(INSTRUCTIONS, max_size=SLOTS).map(encode),
    arrays(np.int32, (ROWS, WIDTH), elements=INT32),
    INT32,
)
def test_a_body_program_over_keras_is_what_the_oracle_says(code: Array, c: Array, i: int) -> None:
    one = LoopBatch("int32", np.array([i]), np.array([i + 1]), code[None], c[None])
    with np.errstate(over="ignore"):  # arithmetic modulo 2**32 is meant
        assert (lowering.body_of(code, ops)(np.int32(i), c) == oracle.run(one)[0]).all()


@pytest.mark.parametrize(
    ("numpy", "keras"),
    [
        ("xp.int32(7)", "xp.array(7, 'int32')"),
        ("c.astype(xp.float16)", "xp.cast(c, 'float16')"),
        ("xp.asarray([True], xp.bool_)", "xp.array([True], 'bool')"),
        ("xp.array([xp.nan], xp.float32)", "xp.array([np.nan], 'float32')"),
        ("xp.arange(6, dtype=xp.int8).reshape((2, 3))", "(2, 3)"),
        ("c.reshape(2, 3)", "xp.reshape(c, (2, 3))"),
        ("xp.reshape(c, (6,))", "xp.reshape(c, (6,))"),
        ("c.T", "xp.transpose(c)"),
        ("xp.ones(3, xp.int8)", "xp.ones((3,), 'int8')"),
        ("xp.ones((3,), xp.int8)", "xp.ones((3,), 'int8')"),
        ("xp.full(2, n, xp.int32)", "xp.full((2,), n, 'int32')"),
        ("a & b | ~c", "xp.bitwise_or(xp.bitwise_and(a, b), xp.bitwise_not(c))"),
        ("a[(b - 1) % 8]", "xp.take(a, (b - 1) % 8, 0)"),
    ],
)
def test_what_keras_calls_otherwise_is_written_so(numpy: str, keras: str) -> None:
    assert keras in over_keras(numpy)


@pytest.mark.parametrize("text", ["np.int32(7)", "c['a'][0]", "leaves[place]", "a, b = c", ""])
def test_what_python_and_numpy_say_stays(text: str) -> None:
    assert over_keras(text) == text


def test_a_number_repeated_keeps_its_dtype() -> None:
    """Keras makes a float of it, where it is not told otherwise."""
    made = eval(over_keras("xp.full(2, i)"), {"xp": ops, "i": np.int8(3)})
    assert made.dtype == np.int8


def test_text_for_other_namespaces_is_left_alone() -> None:
    text = "xp.full(8, i).astype(xp.int32)"
    assert {written(text, namespace) for namespace in ("numpy", "jax", "jax.numpy")} == {text}
