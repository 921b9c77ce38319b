"""Analyse the program of a loop: its jaxpr, and the StableHLO that JAX lowered it to.

Whether a While runs the right iterations is proven for all bounds instead of sampled. Nothing here
imports JAX.
"""
