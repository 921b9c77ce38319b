"""Failures that are expected: known deviations of JAX, and those that a person lists."""
