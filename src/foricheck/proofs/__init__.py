"""Reading the program of a loop: what JAX traced, and the StableHLO that it lowered it to.

The While that traced bounds make is proven, not sampled. Nothing here imports JAX: what it made is
looked at from outside.
"""
