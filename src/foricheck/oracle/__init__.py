"""The oracle: what a ``fori_loop`` and the recurrence must compute, in NumPy alone.

Nothing here imports JAX, Flax or any other part of foricheck, so an error in one is not repeated in
the other.
"""
