"""That a target refuses is core; with which type of error is parity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import pytest

import foricheck

CORE = ["CARRY-05", "CARRY-06", "CARRY-07", "ERROR-11", "UNROLL-03"]
PARITY = ["CARRY-23", "ERROR-17"]


class LibraryError(Exception):
    pass


def with_errors_of_its_own() -> Callable[..., Any]:
    """A right loop, whose refusals have a type of its library."""

    def fori_loop(
        lower: Any, upper: Any, body_fun: Any, init_val: Any, *rest: Any, **options: Any
    ) -> Any:
        try:
            return jax.lax.fori_loop(lower, upper, body_fun, init_val, *rest, **options)
        except (TypeError, ValueError) as error:
            raise LibraryError(str(error)) from error

    return fori_loop


def statuses(loop: Callable[..., Any], rules: list[str]) -> list[str]:
    report = foricheck.check(loop, kind="loop", rules=",".join(rules), profile="quick")
    return [result.status for result in report.results]


@pytest.mark.parametrize("rule", CORE)
class TestCore:
    def test_an_error_of_any_type_is_a_refusal(self, rule: str) -> None:
        assert statuses(with_errors_of_its_own(), [rule]) == ["passed"]


@pytest.mark.parametrize("rule", PARITY)
class TestParity:
    def test_another_type_fails(self, rule: str) -> None:
        assert statuses(with_errors_of_its_own(), [rule]) == ["failed"]

    def test_a_declared_type_passes(self, rule: str) -> None:
        loop = with_errors_of_its_own()
        loop.__dict__["foricheck"] = {"refuses_with": (LibraryError,)}
        assert statuses(loop, [rule]) == ["passed"]
