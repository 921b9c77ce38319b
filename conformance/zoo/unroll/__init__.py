"""Wrong members caught first by a rule of ``UNROLL``: the factor and what it may change."""
