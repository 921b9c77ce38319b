"""Wrong members caught first by a rule of ``BOUND``: the dtypes and extremes of bounds."""
