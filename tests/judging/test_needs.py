"""A target is given no case that needs a mode of differentiation which it lacks."""

from __future__ import annotations

from typing import Any

import jax

import foricheck


def with_a_reverse_rule_alone(
    lower: Any, upper: Any, body_fun: Any, init_val: Any, *, unroll: Any = None
) -> Any:
    """Right, without a forward mode."""
    body, values = jax.closure_convert(body_fun, jax.numpy.asarray(lower), init_val)

    def run(init: Any, values: Any) -> Any:
        return jax.lax.fori_loop(lower, upper, lambda i, c: body(i, c, *values), init)

    rule = jax.custom_vjp(run)
    rule.defvjp(
        lambda *args: (run(*args), args), lambda args, cotangent: jax.vjp(run, *args)[1](cotangent)
    )
    return rule(init_val, values)


class TestForward:
    def test_rules_of_both_modes_are_judged_in_reverse_mode(self) -> None:
        report = foricheck.check(
            with_a_reverse_rule_alone,
            rules="GRAD-03,GRAD-12",
            profile="quick",
            without=["forward", "one_trace"],
        )
        assert [result.status for result in report.results] == ["passed", "passed"]

    def test_what_is_left_out_is_named(self) -> None:
        report = foricheck.check(
            with_a_reverse_rule_alone,
            rules="GRAD-03",
            profile="quick",
            without=["forward", "one_trace"],
        )
        assert "the target lacks forward" in report.results[0].reason
