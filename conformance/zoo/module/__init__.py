"""Wrong members caught first by a rule of ``MODULE``: NNX modules that a body closes over."""
