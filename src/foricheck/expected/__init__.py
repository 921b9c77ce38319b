"""Expected failures: known deviations of JAX, and those that a person lists."""
