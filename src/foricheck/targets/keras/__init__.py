"""Targets that are called with arrays of a Keras backend."""
