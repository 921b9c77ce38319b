"""The capabilities that a target has or lacks."""

from __future__ import annotations

__all__ = ["CAPABILITIES"]

CAPABILITIES = {
    "traced": "bounds (or T) may be traced values",
    "jit": "may be called under jax.jit",
    "pmap": "may be called under jax.pmap",
    "disable_jit": "may be called under jax.disable_jit",
    "pytree": "the carry may be a nested container",
    "refuse": "refuses what the documents forbid",
    "copies": "keeps the caller's arrays apart from those that the body may write into",
    "unroll": "takes the keyword unroll",
    "vmap": "may be called under jax.vmap",
    "closures": "the body may close over values that are traced outside of the loop",
    "grad": "may be differentiated, in one mode at least",
    "forward": "may be differentiated in forward mode",
    "reverse": "may be differentiated in reverse mode, with static bounds",
    "one_trace": "traces a fresh body once, however often it runs",
    "one_while": "lowers a loop to a single While",
}
"""The names of ``--without``, each with its meaning."""
