"""Variants: their names, the capabilities they need, and how they call."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.cases.variants import (
    ALL_VARIANTS,
    DEFAULT_VARIANTS,
    EVERY_VARIANT,
    PLAIN,
    STATIC,
    TRACED,
    Variant,
)
from foricheck.targets.jax.config import DEVICES
from foricheck.targets.jax.variants import decorator
from foricheck.targets.loading import of_callable, reference

CHEX = ("with_jit", "without_jit", "with_device", "without_device", "with_pmap")


class TestNames:
    @pytest.mark.parametrize("variant", [*ALL_VARIANTS, PLAIN], ids=str)
    def test_a_name_leads_back_to_the_way(self, variant: Variant) -> None:
        assert Variant.named(str(variant)) == variant

    def test_names_are_unique(self) -> None:
        names = [str(variant) for variant in (*ALL_VARIANTS, PLAIN)]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("name", ["", "unknown", "traced", "traced-without-jit"])
    def test_another_name_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="no variant is named"):
            Variant.named(name)

    def test_naming_a_way_imports_no_jax(self) -> None:
        program = "import sys, foricheck.cases.variants; sys.exit('jax' in sys.modules)"
        subprocess.run([sys.executable, "-c", program], check=True)


class TestAllWays:
    @pytest.mark.parametrize("transform", [*CHEX, "disable_jit"])
    def test_every_variant_is_among_them(self, transform: str) -> None:
        assert transform in {variant.transform for variant in ALL_VARIANTS}

    @pytest.mark.parametrize("bounds", ["static", "traced"])
    @pytest.mark.parametrize("transform", ["with_jit", "with_pmap"])
    def test_a_transformation_has_static_and_traced_bounds(
        self, bounds: Any, transform: Any
    ) -> None:
        assert Variant(bounds, transform) in ALL_VARIANTS

    def test_a_plain_call_is_not_for_jax(self) -> None:
        assert PLAIN not in ALL_VARIANTS


class TestNeeds:
    @pytest.mark.parametrize(
        ("variant", "needs"),
        [
            (STATIC, ""),
            (PLAIN, ""),
            (TRACED, "jit traced"),
            (Variant("static", "with_jit"), "jit"),
            (Variant("static", "with_pmap"), "jit pmap"),
            (Variant("traced", "with_pmap"), "jit pmap traced"),
        ],
        ids=str,
    )
    def test_a_way_needs(self, variant: Variant, needs: str) -> None:
        assert sorted(variant.needs) == needs.split()

    def test_the_reference_can_be_called_in_every_way(self) -> None:
        assert set(reference().variants((*ALL_VARIANTS, PLAIN))) == set(ALL_VARIANTS)

    @pytest.mark.parametrize(
        ("lacking", "transform"),
        [("jit", "with_jit"), ("pmap", "with_pmap"), ("disable_jit", "disable_jit")],
    )
    def test_a_target_is_not_called_in_a_way_it_cannot(self, lacking: str, transform: str) -> None:
        variants = reference(without=[lacking]).variants(ALL_VARIANTS)
        assert transform not in {variant.transform for variant in variants}

    def test_a_target_that_lacks_traced_has_static_bounds(self) -> None:
        assert {
            variant.bounds for variant in reference(without=["traced"]).variants(ALL_VARIANTS)
        } == {"static"}

    def test_only_wanted_ways_are_given(self) -> None:
        assert reference().variants((STATIC,)) == (STATIC,)

    @pytest.mark.parametrize(
        ("wanted", "given"),
        [(DEFAULT_VARIANTS, (PLAIN,)), (EVERY_VARIANT, (PLAIN,)), (ALL_VARIANTS, ())],
    )
    def test_a_target_over_numpy_arrays_is_called_plainly(
        self, wanted: tuple[Variant, ...], given: tuple[Variant, ...]
    ) -> None:
        target = of_callable(lambda lower, upper, f, x: x, array_namespace="numpy")
        assert target.variants(wanted) == given


class TestVariants:
    @pytest.mark.parametrize("transform", [*CHEX, "disable_jit"])
    def test_the_value_is_that_of_the_function(self, transform: Any) -> None:
        got = decorator(transform)(lambda x: x * 2 + 1)(jnp.arange(4))
        np.testing.assert_array_equal(got, np.arange(4) * 2 + 1)

    @staticmethod
    def seen(transform: Any) -> list[Any]:
        """The arguments that the function receives."""
        given: list[Any] = []
        decorator(transform)(lambda x: (given.append(x), x)[1])(jnp.arange(4))
        return given

    @pytest.mark.parametrize("transform", ["with_jit", "with_pmap"])
    def test_transformations_hand_over_tracers(self, transform: str) -> None:
        assert isinstance(self.seen(transform)[0], jax.core.Tracer)

    @pytest.mark.parametrize("transform", ["without_jit", "with_device", "disable_jit"])
    def test_the_others_hand_over_arrays(self, transform: str) -> None:
        (given,) = self.seen(transform)
        assert isinstance(given, jax.Array)
        assert not isinstance(given, jax.core.Tracer)

    def test_without_device_hands_over_numpy_arrays(self) -> None:
        assert isinstance(self.seen("without_device")[0], np.ndarray)

    def test_jit_is_disabled_for_the_call_alone(self) -> None:
        found = decorator("disable_jit")(lambda: jax.config.jax_disable_jit)()
        assert (found, jax.config.jax_disable_jit) == (True, False)

    def test_pmap_has_devices_to_map_over(self) -> None:
        assert jax.device_count() == DEVICES
