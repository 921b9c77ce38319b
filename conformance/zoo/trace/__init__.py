"""Wrong members caught first by a rule of ``TRACE``: traces, programs and effects."""
