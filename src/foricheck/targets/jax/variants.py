"""chex variants as plain decorators, and ``disable_jit``, which chex does not have.

chex passes a variant only to the test method that runs under it, so such a method gets it here.
"""

from __future__ import annotations

import functools
import unittest
from collections.abc import Callable
from typing import Any

import chex
import jax

from foricheck.cases.variants import Transform

__all__ = ["decorator"]

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]


@functools.lru_cache
def decorator(variant: Transform) -> Decorator:
    """The decorator that makes a function of arrays run in this variant.

    Raises:
        unittest.SkipTest: ``with_pmap`` on a single device.
    """
    return _disable_jit if variant == "disable_jit" else _from_chex(variant)


def _from_chex(variant: Transform) -> Decorator:
    handed_over: list[Decorator] = []

    class _Variant(chex.TestCase):  # type: ignore[misc]  # chex is untyped
        @chex.variants(**{variant: True})  # type: ignore[untyped-decorator]  # likewise
        def test(self) -> None:
            self.variant(lambda: None)  # chex refuses a test that does not use its variant
            handed_over.append(self.variant)

    for name in unittest.TestLoader().getTestCaseNames(_Variant):
        _Variant(name).debug()
    return handed_over[0]


def _disable_jit(function: Function) -> Function:
    @functools.wraps(function)
    def call(*args: Any) -> Any:
        with jax.disable_jit():
            return function(*args)

    return call
