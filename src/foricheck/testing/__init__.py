"""What test modules of other people use under pytest."""
