"""Reporters: one stream of events, told on a terminal and in files."""
