"""Cases of loops by coverage: the dimensions, what goes together, the rows, and the walks."""
