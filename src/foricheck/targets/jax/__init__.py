"""Targets that are called with JAX arrays."""
