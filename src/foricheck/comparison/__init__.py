"""Comparison of the expected result with that of a target: trees, error bounds, refusals."""
