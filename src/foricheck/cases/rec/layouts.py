"""How x is given: as an array of JAX, or of NumPy in one of the layouts that NumPy has."""

from __future__ import annotations

__all__ = ["LAYOUTS", "OTHER_DTYPES"]

LAYOUTS: dict[str, str] = {
    "jax": "x = jnp.asarray(x)",
    "numpy": "",
    "every second": "x = np.repeat(x, 2)[::2]",
    "backwards": "x = x[::-1].copy()[::-1]",
    "a column": "x = np.stack([x, x + 1], axis=1)[:, 0]",
    "read-only": "x.setflags(write=False)",
    "float64": "x = x.astype(np.float64)",
    "a row of jax": "x = jnp.stack([x, x])[1]",
}
"""The layouts, each with the line that makes it of a NumPy array x."""

OTHER_DTYPES: dict[str, str] = {
    f"{name} of jax": f"x = jnp.asarray(x).astype(jnp.{name})"
    for name in ("float16", "bfloat16", "int32", "int8")
}
"""Dtypes that are not those of the weights; whole numbers are the same in all of them."""
