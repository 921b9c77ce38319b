"""Wrong members caught first by a rule of ``ITER``: iteration order, count and index."""
