import jax


def fori_loop(lower, upper, body_fun, init_val):
    def has_next(state):
        i, _ = state
        return i < upper

    def step(state):
        i, val = state
        return i + 1, body_fun(i, val)

    _, val = jax.lax.while_loop(has_next, step, (lower, init_val))
    return val
