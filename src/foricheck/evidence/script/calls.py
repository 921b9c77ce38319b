"""Emit a call with the transformation of its variant."""

from __future__ import annotations

from foricheck.cases.variants import Variant

__all__ = ["loop", "printed"]


def loop(variant: Variant, lower: str, upper: str, init: str) -> str:
    """The lines that call a loop under the variant's transformation and print the result."""
    if variant.bounds == "traced":
        values = f"lower, upper = {lower}, {upper}\nc = {init}"
        return (
            f"{values}\n{printed(variant, 'fori_loop(lower, upper, body, c)', 'lower, upper, c')}"
        )
    return f"c = {init}\n{printed(variant, f'fori_loop({lower}, {upper}, body, c)', 'c')}"


def printed(variant: Variant, call: str, arguments: str) -> str:
    """The lines that print a call under the variant's transformation.

    Args:
        variant: how the target is called.
        call: the call, an expression.
        arguments: the variables it depends on, separated by commas.
    """
    function = f"lambda {arguments}: {call}"
    match variant.transform:
        case "with_jit":
            return f"print(jax.jit({function})({arguments}))"
        case "with_pmap":
            stacked = f"jax.tree.map(lambda leaf: jnp.stack([leaf] * 2), ({arguments},))"
            return f"print(jax.pmap({function})(*{stacked}))"
        case "disable_jit":
            return f"with jax.disable_jit():\n    print({call})"
        case "with_device":
            return f"{arguments} = jax.device_put({arguments})\nprint({call})"
        case "without_device":
            return f"{arguments} = jax.device_get({arguments})\nprint({call})"
        case "without_jit" | "plain":
            return f"print({call})"
