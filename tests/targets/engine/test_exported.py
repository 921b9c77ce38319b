"""Functions over JAX that an engine runs: compiled once, for every trip count."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.comparison.violations import Unsupported
from foricheck.errors import RequestError
from foricheck.targets.engine.engine import Engine
from foricheck.targets.engine.exported import exported
from foricheck.targets.engine.stablehlo import STABLEHLO
from foricheck.targets.engine.target import of_engine

from .fake_engines import engine, refusing, right

CARRY = np.arange(1, 4, dtype=np.int32)


def loop(lower: Any, upper: Any, carry: Any) -> Any:
    return jax.lax.fori_loop(lower, upper, lambda i, c: c * 3 + i, carry)


class Counting:
    """Counts what is converted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, function: Any, *examples: Any) -> Any:
        self.count += 1
        return STABLEHLO.convert(function, *examples)


class TestTheStableHloInterpreter:
    def test_a_loop_gives_its_value(self) -> None:
        run = exported(STABLEHLO, loop)
        assert run(np.int32(-1), np.int32(3), CARRY).tolist() == [59, 140, 221]

    def test_the_trip_count_is_an_input(self) -> None:
        converting = Counting()
        run = exported(engine(converting), loop)
        got = [run(np.int32(0), np.int32(trips), CARRY)[0] for trips in (1, 2, 5)]
        assert got == [3, 10, 301]
        assert converting.count == 1

    @pytest.mark.parametrize("bounds", [(0, 0), (3, -2)])
    def test_no_trips_leave_the_carry(self, bounds: tuple[int, int]) -> None:
        run = exported(STABLEHLO, loop)
        assert run(*map(np.int32, bounds), CARRY).tolist() == [1, 2, 3]

    @pytest.mark.parametrize(
        "leaf",
        [
            np.array([True, False, True] * 5),
            np.ones(16, bool),
            np.array(False),
            np.array([1.5, -0.0, np.inf], np.float16),
            np.array([complex(-0.0, np.inf), 2 - 3j], np.complex64),
            np.zeros((0, 2), np.uint8),
            np.array([255, 0], np.uint8),
        ],
        ids=lambda leaf: f"{leaf.dtype}{leaf.shape}",
    )
    def test_every_bit_goes_in_and_comes_out(self, leaf: Any) -> None:
        got = exported(STABLEHLO, lambda tree: {"kept": tree[0]})((leaf, 1))["kept"]
        assert (got.dtype, got.shape, got.tobytes()) == (leaf.dtype, leaf.shape, leaf.tobytes())

    def test_python_numbers_stay_weakly_typed(self) -> None:
        got = exported(STABLEHLO, lambda x: x + jnp.int8(1))(2)
        assert got.dtype == np.int8


class TestExported:
    def test_other_shapes_are_other_programs(self) -> None:
        run = exported(engine(right), loop)
        got = [run(np.int32(0), np.int32(1), np.ones(size, np.int32)) for size in (1, 2)]
        assert [each.shape for each in got] == [(1,), (2,)]

    def test_what_cannot_be_converted_is_unsupported_in_one_line(self) -> None:
        run = exported(engine(refusing), loop)
        for _ in range(2):  # and is not tried again
            with pytest.raises(Unsupported) as raised:
                run(np.int32(0), np.int32(1), CARRY)
        told = "a fake does not take its programs: NotImplementedError: no program is good enough"
        assert str(raised.value).startswith(told)
        assert "\n" not in str(raised.value)

    def test_what_numpy_does_not_have_is_unsupported(self) -> None:
        for leaf in (jnp.zeros(2, jnp.bfloat16), jax.random.key(0)):
            with pytest.raises(Unsupported, match=r"NumPy has no (bfloat16|key<fry>)"):
                exported(STABLEHLO, lambda x: x)(leaf)

    def test_what_the_loop_refuses_is_its_own_error(self) -> None:
        def changing(upper: Any) -> Any:
            return jax.lax.fori_loop(0, upper, lambda i, c: c.astype(jnp.int8), jnp.int32(0))

        with pytest.raises(TypeError, match="int8"):
            exported(engine(refusing), changing)(np.int32(1))


class TestTarget:
    def test_an_engine_that_is_not_installed(self) -> None:
        missing = engine(right, modules=("no_such_engine.inside", "json"))
        with pytest.raises(RequestError) as raised:
            of_engine("missing", missing)
        assert str(raised.value) == (
            "a fake needs no_such_engine.inside, which cannot be imported: "
            "pip install 'foricheck[fake]'"
        )

    def test_an_engine_that_does_not_run(self) -> None:
        with pytest.raises(RequestError, match="a fake does not run here: NotImplementedError"):
            of_engine("broken", engine(refusing))

    def test_versions_are_those_of_its_distributions(self) -> None:
        assert set(of_engine("stablehlo", STABLEHLO).versions) == {"jaxlib"}

    def test_what_is_asked_of_it_are_values(self) -> None:
        made = of_engine("right", engine(right))
        assert {"traced", "vmap", "grad"} <= made.capabilities
        assert not {"refuse", "one_trace", "one_while"} & made.capabilities
        assert made.kinds == {"loop", "recurrence"}


def test_a_compilers_first_error_is_told() -> None:
    def convert(function: Any, *examples: Any) -> Any:
        raise ValueError("Invoked with: …\n<text>:3:1: error: no such thing\nerror: another")

    compiler = Engine(name="X", modules=(), convert=convert)
    with pytest.raises(Unsupported, match=r"^X does not take its programs: ValueError: no such"):
        compiler.compile(list)
