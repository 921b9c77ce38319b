"""Targets in any language: cases and results as lines of JSON over stdin and stdout."""
