"""Engines: programs exported from JAX, once, and run by something else than XLA.

What an engine cannot be given (an operation that its importer does not know, a program that its
compiler refuses) is no wrong value: such a case is left out, and a rule all of whose cases are
left out is skipped, with what the converter said. What an engine raises when it runs a program
that it took, and every wrong value, is a failure.
"""
