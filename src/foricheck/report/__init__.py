"""Reports: one stream of events, on a terminal and in files."""
