"""A case: one input of the target, as data."""
