"""Wrong members caught first by a rule of ``CARRY``: dtype, shape, structure and values."""
