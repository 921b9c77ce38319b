"""The oracle: the expected results of ``fori_loop`` and the recurrence, in NumPy.

It imports only NumPy, the standard library and itself, so it shares no bug with JAX or Flax.
"""
