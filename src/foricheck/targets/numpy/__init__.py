"""Targets that are called with NumPy arrays."""
