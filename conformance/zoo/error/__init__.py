"""Wrong members caught first by a rule of ``ERROR``: what is refused, and how clearly."""
