"""Refusals: each invalid argument, and the required words of messages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import Expression
from foricheck.cases.variants import PLAIN
from foricheck.comparison.refusals import Refused
from foricheck.oracle import loop as oracle
from foricheck.programs import expressions
from foricheck.programs.expressions import expected
from foricheck.strategies.error import arguments, errors
from foricheck.targets.loading import of_callable
from foricheck.targets.numpy.loop import NumpyLoop

from ..draws import jax_loop, numpy_loop

STRATEGIES = [getattr(each, name) for each in (arguments, errors) for name in each.__all__]
EVERY = pytest.mark.parametrize(
    "case",
    [case for strategy in STRATEGIES for case in strategy(jax_loop())],
    ids=lambda case: case.call[:60],
)


def calls(strategy: Callable[[Any], Any]) -> list[str]:
    return [case.call for case in strategy(jax_loop())]


def over_numpy(case: Expression, function: Callable[..., Any]) -> Any:
    """The result of a loop over NumPy for a case."""
    target = of_callable(function, array_namespace="numpy")
    return NumpyLoop(target, PLAIN).call_expression(case)


def good(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
    """The oracle's loop with the documented parameter names."""
    return oracle.fori_loop(lower, upper, body_fun, init_val)


@EVERY
def test_a_name_is_assigned_once(case: Expression) -> None:
    names = re.findall(r"^(\w+) = ", f"{case.bounds}\n{case.values}", re.MULTILINE)
    assert len(set(names)) == len(names)


class TestWords:
    @pytest.mark.parametrize(
        "strategy", [errors.changed_leaves, errors.changed_structures, errors.changed_places]
    )
    def test_they_are_texts_or_choices_of_texts(self, strategy: Callable[[Any], Any]) -> None:
        for case in strategy(jax_loop()):
            words = expected(case)
            assert isinstance(words, tuple)
            choices = [word if isinstance(word, tuple) else (word,) for word in words]
            assert all(isinstance(text, str) for texts in choices for text in texts)

    def test_sizes_are_numbers_that_stand_nowhere_else(self) -> None:
        for case in errors.changed_leaves(jax_loop()):
            for word in expected(case):
                if word.isdigit():
                    assert word in f"{case.values}{case.given}"


class TestBodiesThatRaise:
    @pytest.mark.parametrize("case", [*errors.bodies_that_raise(numpy_loop())])
    def test_a_loop_that_lets_errors_through_gives_true(self, case: Expression) -> None:
        assert over_numpy(case, good) == expected(case)

    @pytest.mark.parametrize("case", [*errors.bodies_that_raise(numpy_loop())])
    def test_a_loop_that_swallows_them_gives_false(self, case: Expression) -> None:
        def swallowing(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
            return init_val

        assert over_numpy(case, swallowing) != expected(case)

    def test_another_error_of_the_same_type_is_detected(self) -> None:
        def anew(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
            try:
                return good(lower, upper, body_fun, init_val)
            except ValueError as error:
                raise type(error)(*error.args) from None

        with pytest.raises(Refused):
            over_numpy(next(errors.bodies_that_raise(numpy_loop())), anew)

    def test_one_is_no_exception(self) -> None:
        given = [case.given for case in errors.bodies_that_raise(jax_loop())]
        assert any("(BaseException,)" in text for text in given)


class TestLeftHalfDone:
    @pytest.mark.parametrize("case", [*errors.after_failed_calls(numpy_loop())])
    def test_a_good_loop_passes(self, case: Expression) -> None:
        got, carry = over_numpy(case, good)
        wanted, before = expected(case)
        np.testing.assert_array_equal(got, wanted)
        np.testing.assert_array_equal(carry, before)

    def test_the_body_raises_at_its_first_call_and_later(self) -> None:
        raised = []

        def counting(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
            count = [0]

            def body(i: Any, carry: Any) -> Any:
                count[0] += 1
                return body_fun(i, carry)

            try:
                return good(lower, upper, body, init_val)
            except ValueError:
                raised.append(count[0])
                raise

        for case in errors.after_failed_calls(numpy_loop()):
            over_numpy(case, counting)
        assert raised == [1, 2, 3]


class TestArguments:
    def test_names_are_those_of_the_signature(self) -> None:
        import jax

        known = set(inspect.signature(jax.lax.fori_loop).parameters)
        for call in calls(arguments.argument_names):
            assert set(re.findall(r"(\w+)=", call)) <= known

    def test_wrong_arguments_fit_no_signature(self) -> None:
        for case in arguments.wrong_arguments(numpy_loop()):
            with pytest.raises(Refused) as refusal:
                over_numpy(case, good)
            assert isinstance(refusal.value.__cause__, TypeError)

    def test_arities_are_all_but_two(self) -> None:
        for call in calls(arguments.arities):
            found = re.search(r"(lambda.*), c\)$", call)
            assert found
            with pytest.raises(TypeError):
                eval(found[1], {"c": 0})(0, 1)

    def test_bodies_are_not_callable(self) -> None:
        for case in arguments.not_callable(jax_loop()):
            body = case.call.split(", ")[2:-1]
            names = expressions.assigned(f"{case.given}\n{case.values}", np)
            assert not callable(eval(", ".join(body), names))

    def test_too_large_is_one_beyond_the_index(self) -> None:
        first = calls(arguments.too_large)[0]
        bits = 64 if "int64" in jax_loop().dtypes else 32
        assert first.startswith(f"fori_loop({2 ** (bits - 1)}, ")

    def test_floats_are_cut_towards_zero(self) -> None:
        cases = {case.call: case.expected for case in arguments.static_floats(jax_loop())}
        assert cases["fori_loop(-1.5, 1.5, body, c)"] == "fori_loop(-1, 1, body, c)"
