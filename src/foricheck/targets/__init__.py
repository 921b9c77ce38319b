"""Targets: the implementations under test, and how they are called."""
