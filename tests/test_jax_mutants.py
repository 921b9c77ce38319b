"""Mutants of the installed JAX: they are copies, and the installed loop stays as it is."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest

from foricheck.conformance import jax_mutants
from foricheck.conformance.jax_mutants import PARTS, loop_of
from foricheck.conformance.jax_mutants.equivalents import equivalents


def first(part: str) -> jax_mutants.JaxMutant:
    return next(each for each in jax_mutants.jax_mutants() if each.part == part)


@pytest.mark.parametrize("part", ["fori_loop", "while_loop", "scan"])
def test_what_fori_loop_runs_has_mutants(part: str) -> None:
    assert first(part).name.startswith(f"{part}__")


def test_a_mutant_is_an_attribute() -> None:
    assert callable(getattr(jax_mutants, first("fori_loop").name))


def test_another_attribute_does_not_exist() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nosuch'"):
        jax_mutants.nosuch  # noqa: B018


def test_the_installed_loop_is_unchanged() -> None:
    loop_of(first("fori_loop"))
    assert jax.jit(lambda n: jax.lax.fori_loop(0, n, jnp.add, 0))(5) == 10


def test_only_survivors_of_known_parts_are_argued_away() -> None:
    assert {name.partition("__")[0] for name in equivalents()} <= set(PARTS)
