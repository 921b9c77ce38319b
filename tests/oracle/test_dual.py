"""Dual numbers and their derivatives, compared with exact differences and closed forms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle import derivatives
from foricheck.oracle.derivatives import fori_loop, grad, hessian, jvp, unsigned_zeros, vjp
from foricheck.oracle.dual import Dual, tangent
from foricheck.oracle.loop import CarryError

Function = Callable[[Any], Any]

FRACTIONS = st.fractions(min_value=-9, max_value=9, max_denominator=12)
POLYNOMIALS = st.lists(FRACTIONS, min_size=1, max_size=6)
TRIPS = st.integers(-1, 5)
FLOATS = np.float32


def slope(f: Function, x: Fraction, degree: int) -> Fraction:
    """The exact derivative of a polynomial at x, computed from its values.

    The sum over k of (-1)**(k - 1) / k times the k-th forward difference (Newton's series,
    differentiated; Boole, "Calculus of Finite Differences", 1860).
    """
    row, total = [f(x + step) for step in range(degree + 1)], Fraction(0)
    for k in range(1, degree + 1):
        row = [after - before for before, after in pairwise(row)]
        total += Fraction((-1) ** (k - 1), k) * row[0]
    return total


def polynomial(coefficients: list[Fraction]) -> Function:
    """The polynomial with these coefficients, the constant first, by Horner's rule."""

    def value(x: Any) -> Any:
        total: Any = 0
        for coefficient in reversed(coefficients):
            total = total * x + coefficient
        return total

    return value


def derivative(f: Function, x: Any, level: int = 1) -> Any:
    return tangent(f(Dual(x, 1, level)), level)


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


class TestDual:
    @given(POLYNOMIALS, FRACTIONS)
    def test_a_polynomial(self, coefficients: list[Fraction], x: Fraction) -> None:
        f = polynomial(coefficients)
        assert derivative(f, x) == slope(f, x, len(coefficients))

    @given(POLYNOMIALS, FRACTIONS)
    def test_its_second_derivative(self, coefficients: list[Fraction], x: Fraction) -> None:
        f, degree = polynomial(coefficients), len(coefficients)
        second = derivative(lambda y: derivative(f, y, level=2), x)
        assert second == slope(lambda y: slope(f, y, degree), x, degree)

    @given(POLYNOMIALS, POLYNOMIALS, FRACTIONS)
    def test_sums_products_and_quotients(
        self, one: list[Fraction], other: list[Fraction], x: Fraction
    ) -> None:
        f, g = polynomial(one), polynomial(other)
        made = [lambda x: f(x) - g(x), lambda x: -f(x) * g(x), lambda x: 3 - f(x) / 7]
        degree = len(one) + len(other)
        assert [derivative(h, x) for h in made] == [slope(h, x, degree) for h in made]

    @pytest.mark.parametrize("exponent", range(5))
    def test_a_power(self, exponent: int) -> None:
        x = Fraction(5, 3)
        assert derivative(lambda x: x**exponent, x) == (exponent * x ** (exponent - 1))

    @pytest.mark.parametrize("exponent", [-1, 0.5])
    def test_another_power_is_refused(self, exponent: float) -> None:
        with pytest.raises(TypeError):
            Dual(2, 1, 1) ** exponent

    def test_a_quotient_by_a_dual_number_is_refused(self) -> None:
        with pytest.raises(TypeError):
            Dual(2, 1, 1) / Dual(2, 1, 1)

    @pytest.mark.parametrize("number", [3, np.int32(3), np.float32(3), np.array(3.0)])
    def test_numbers_of_numpy_may_stand_on_either_side(self, number: Any) -> None:
        x = Dual(2.0, 1.0, 1)
        found = [x * number, number * x, x + number, number + x, x - number, number - x]
        assert [each.value for each in found] == [6, 6, 5, 5, -1, 1]
        assert [each.tangent for each in found] == [3, 3, 1, 1, 1, -1]

    def test_an_array_is_taken_element_by_element(self) -> None:
        found = Dual(2.0, 1.0, 1) * np.array([1.0, 3.0])
        assert [each.tangent for each in found] == [1, 3]

    def test_a_constant_has_no_tangent(self) -> None:
        assert tangent(np.float32(3), level=1) == 0


class TestJvp:
    @given(TRIPS, st.integers(-3, 3), st.integers(-3, 3))
    def test_a_nonlinear_loop(self, trips: int, start: int, along: int) -> None:
        def f(x: Any) -> Any:
            def body(i: int, c: Any) -> Any:
                return c[1], c[0] * c[1] + i * c[0]

            return fori_loop(0, trips, body, (x, x + 1))[1]

        line = lambda s: Fraction(f(np.array(start + s * along, object)).item())  # noqa: E731
        _, found = jvp(f, (np.float64(start),), (np.float64(along),))
        assert found == slope(line, Fraction(0), 2 * max(trips, 1) ** 2)

    def test_value_and_tangent_have_the_dtypes_of_the_value(self) -> None:
        value, along = jvp(lambda x: (x.sum(), [x * 2]), (floats(1, 2),), (floats(3, 4),))
        assert (value[0].dtype, along[0].dtype, along[1][0].dtype) == (FLOATS, FLOATS, FLOATS)
        assert (along[0].item(), along[1][0].tolist()) == (7, [6, 8])

    def test_along_closed_over_arrays_too(self) -> None:
        def f(a: Any) -> Any:
            return fori_loop(0, 4, lambda i, c: c + a[i] * i, floats(0))

        _, found = jvp(f, (floats(5, 6, 7, 8),), (floats(1, 10, 100, 1000),))
        assert found.tolist() == [10 + 200 + 3000]

    @pytest.mark.parametrize(
        ("f", "wanted"),
        [
            (lambda x: np.roll(x, 1), [3, 1, 2]),
            (lambda x: x[::-1] * x[0], [18, 13, 8]),
            (lambda x: np.stack([x[0], x[1] * x[1]]), [1, 20]),
            (lambda x: np.where([True, False, True], x, x * x), [1, 20, 3]),
            (lambda x: np.array([[1, 2, 3], [0, 1, 0]], np.float32) @ x, [14, 2]),
            (lambda x: x.reshape(3, 1).T.sum(axis=0) ** 2, [8, 20, 36]),
        ],
    )
    def test_operations_of_numpy(self, f: Function, wanted: list[float]) -> None:
        _, found = jvp(f, (floats(4, 5, 6),), (floats(1, 2, 3),))
        assert found.tolist() == wanted


class TestVjp:
    def test_it_is_the_transpose_of_the_jvp(self) -> None:
        def f(c: Any, a: Any) -> Any:
            def body(i: int, c: Any) -> Any:
                return {"x": c["y"] * a, "y": c["x"] * c["y"] + a[1] * i}

            return fori_loop(-1, 3, body, c)

        c, a = {"y": floats(2, -1), "x": floats(1, 3)}, floats(-2, 1)
        t, s = {"x": floats(1, -2), "y": floats(3, 1)}, floats(2, 5)
        v = {"y": floats(1, 4), "x": floats(-3, 2)}
        (to_c, to_a), (_, along) = vjp(f, c, a)[1](v), jvp(f, (c, a), (t, s))
        there = sum(np.dot(v[key], along[key]) for key in "xy")
        assert there == sum(np.dot(to_c[key], t[key]) for key in "xy") + np.dot(to_a, s)

    def test_a_geometric_loop(self) -> None:
        c, a, v = floats(3, -1), floats(2, 3), floats(1, 5)
        value, pull = vjp(lambda c, a: fori_loop(0, 4, lambda i, c: c * a, c), c, a)
        assert value.tolist() == (a**4 * c).tolist()
        assert pull(v)[0].tolist() == (v * a**4).tolist()
        assert pull(v)[1].tolist() == (v * 4 * a**3 * c).tolist()

    @pytest.mark.parametrize("upper", [2, -3])
    def test_without_trips(self, upper: int) -> None:
        c, a, v = floats(3, -1), floats(2, 3), floats(1, 5)
        _, pull = vjp(lambda c, a: fori_loop(2, upper, lambda i, c: c * a, c), c, a)
        assert [each.tolist() for each in pull(v)] == [[1, 5], [0, 0]]

    def test_containers_shapes_and_dtypes_are_those_of_the_argument(self) -> None:
        c = {"b": [floats(1), np.float64(2)], "a": (np.zeros((2, 0)),)}
        (found,) = vjp(lambda c: c["b"][0] * c["b"][1], c)[1](floats(1))
        assert (found["b"][0].dtype, found["b"][1].dtype) == (np.float32, np.float64)
        assert found["a"][0].shape == (2, 0)


class TestGrad:
    def test_a_long_sum(self) -> None:
        f = lambda a: fori_loop(0, 100, lambda i, c: c + a * i, np.float32(0))  # noqa: E731
        assert grad(f)(np.float32(3)) == 99 * 100 / 2

    def test_with_respect_to_some_arguments(self) -> None:
        f = lambda x, n, y: (x * y).sum() * n  # noqa: E731
        to_y, to_x = grad(f, (2, 0))(floats(1, 2), 10, floats(3, 4))
        assert (to_y.tolist(), to_x.tolist()) == ([10, 20], [30, 40])

    def test_an_inner_derivative_leaves_the_outer_direction_alone(self) -> None:
        f = lambda x: x * grad(lambda y: x + y)(np.float32(1))  # noqa: E731
        assert grad(f)(np.float32(5)) == 1

    def test_an_inner_derivative_depends_on_the_outer_variable(self) -> None:
        f = lambda x: grad(lambda y: x * x * y * y)(np.float32(3))  # noqa: E731
        assert grad(f)(np.float32(5)) == 2 * 5 * 2 * 3


class TestHessian:
    def test_a_cubic(self) -> None:
        found = hessian(lambda x: x[0] ** 2 * x[1] + x[1] ** 3)(floats(3, 5))
        assert found.tolist() == [[2 * 5, 2 * 3], [2 * 3, 6 * 5]]
        assert found.dtype == FLOATS

    def test_through_a_loop(self) -> None:
        def f(x: Any) -> Any:
            return fori_loop(1, 4, lambda i, s: s * x[0] + i * x[1] ** 2, x[2])

        x, y = 2, 3  # the loop computes z x**3 + y**2 (x**2 + 2 x + 3)
        wanted = [[6 * x + 2 * y**2, 4 * x * y + 4 * y, 3 * x**2]]
        wanted += [[wanted[0][1], 2 * (x**2 + 2 * x + 3), 0], [wanted[0][2], 0, 0]]
        assert hessian(f)(floats(x, y, 1)).tolist() == wanted


class TestForiLoop:
    def test_a_leaf_may_come_to_depend_on_a_direction(self) -> None:
        f = lambda a: fori_loop(0, 2, lambda i, c: (c[1], a), (floats(1), floats(2)))  # noqa: E731
        _, (one, other) = jvp(f, (floats(5),), (floats(7),))
        assert (one.tolist(), other.tolist()) == ([7], [7])

    def test_integer_leaves_stay_integers(self) -> None:
        def body(i: int, c: Any) -> Any:
            return c[0] + np.int32(i), c[1] * c[0].astype(np.float32)

        f = lambda x: fori_loop(0, 3, body, (np.int32(2), x))[1]  # noqa: E731
        assert grad(f)(np.float32(1)) == 2 * 2 * 3

    def test_loops_nest(self) -> None:
        f = lambda x: fori_loop(  # noqa: E731
            0, 3, lambda i, c: fori_loop(0, i, lambda j, d: d * x, c), x
        )
        assert grad(f)(np.float32(2)) == 4 * 2**3

    def test_a_carry_that_changes_its_type_is_refused(self) -> None:
        with pytest.raises(CarryError):
            jvp(
                lambda x: fori_loop(0, 2, lambda i, c: c.astype(float), x),
                (floats(1),),
                (floats(1),),
            )

    def test_an_error_leaves_nothing_behind(self) -> None:
        def f(x: Any) -> Any:
            raise KeyError

        with pytest.raises(KeyError):
            derivatives._push(f, (floats(1),), (floats(1),))
        assert fori_loop(0, 1, lambda i, c: c, floats(1)).dtype == np.float32


class TestUnsignedZeros:
    def test_the_zeros_are_one(self) -> None:
        assert not np.signbit(unsigned_zeros((floats(-0.0, 0.0),))[0]).any()

    def test_the_rest_stays(self) -> None:
        tree: Any = {"a": [floats(-1, np.inf), np.array([True]), np.int8(-3)], "b": None}
        found = unsigned_zeros(tree)
        assert [leaf.dtype for leaf in found["a"]] == [leaf.dtype for leaf in tree["a"]]
        assert [leaf.tolist() for leaf in found["a"]] == [[-1, np.inf], [True], -3]
        assert found["b"] is None
