"""Wrong members caught first by a rule of ``XFORM``: jit, vmap, sharding and export."""
