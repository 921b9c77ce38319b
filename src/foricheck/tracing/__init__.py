"""Reading the program of a loop: the While that traced bounds make is proven, not sampled.

Nothing here imports JAX: what it traced is looked at from outside.
"""
