"""Cases: the inputs of a target, as data."""
