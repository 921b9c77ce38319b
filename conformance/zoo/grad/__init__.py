"""Wrong members caught first by a rule of ``GRAD``: derivatives, forward and reverse."""
