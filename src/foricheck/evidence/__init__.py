"""The record of a failure: the case, the difference and a script that reproduces it."""
