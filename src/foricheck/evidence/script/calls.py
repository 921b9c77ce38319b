"""A call inside what the variant puts around it."""

from __future__ import annotations

from foricheck.cases.variants import Variant

__all__ = ["loop", "printed"]


def loop(variant: Variant, lower: str, upper: str, init: str) -> str:
    """The call of a loop, inside what the variant puts around it."""
    if variant.bounds == "traced":
        values = f"lower, upper = {lower}, {upper}\nc = {init}"
        return (
            f"{values}\n{printed(variant, 'fori_loop(lower, upper, body, c)', 'lower, upper, c')}"
        )
    return f"c = {init}\n{printed(variant, f'fori_loop({lower}, {upper}, body, c)', 'c')}"


def printed(variant: Variant, call: str, arguments: str) -> str:
    """Print a call, with what the variant puts around it as a function of the arguments."""
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
