"""Loops that cannot be exported."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_given_bounds, on_init, on_result
from ..member import Bound, Bounds, Carry, wrong
from ..support.bounds import is_traced


@wrong("tracing", caught_by=("XFORM-09",))
@on_init
def counts_the_bytes_of_the_carry(init_val: Carry) -> Carry:
    """Adds up the size of the carry, to refuse what does not fit; a symbolic size has no int."""
    if sum(int(jnp.size(leaf)) for leaf in jax.tree.leaves(init_val)) > 2**40:
        raise MemoryError("the carry does not fit")
    return init_val


@wrong("bounds", caught_by=("XFORM-16",))
@on_given_bounds
def dimensions_as_numbers(lower: Bound, upper: Bound) -> Bounds:
    """Takes a bound that is no tracer for static, and calls int() on it."""
    lower, upper = (bound if is_traced(bound) else int(bound) for bound in (lower, upper))
    return lower, upper


@wrong("bounds", caught_by=("XFORM-16",))
@on_given_bounds
def bounds_of_known_types(lower: Bound, upper: Bound) -> Bounds:
    """Refuses a bound that is neither a number nor an array, and so a symbolic dimension."""
    for name, bound in (("lower", lower), ("upper", upper)):
        if not isinstance(bound, int | np.generic | np.ndarray | jax.Array):
            raise TypeError(f"{name} must be an integer, got {type(bound).__name__}")
    return lower, upper


@wrong("tracing", caught_by=("XFORM-09",))
@on_result
def reports_from_python(result: Carry) -> Carry:
    """Calls back to Python from each loop, for a progress bar, which cannot be exported."""
    jax.debug.callback(lambda: None)
    return result
