import jax
import jax.numpy as jnp
from flax import nnx


def fori_loop_recurrence(seed, x, hidden, T):
    weights = nnx.Rngs(seed).params.normal((hidden, hidden)) * 0.1
    x = jnp.asarray(x, jnp.float32)
    return jax.lax.fori_loop(1, T, lambda t, state: jnp.tanh(state @ weights + x), x)
