"""Right implementations, which every rule must pass."""
