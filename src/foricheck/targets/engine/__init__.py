"""Engines: programs exported from JAX and run by something other than XLA.

A program that an engine cannot accept (an operation unknown to its importer, a program that its
compiler refuses) is no wrong value: such a case is left out, and a rule all of whose cases are
left out is skipped with the converter's message. An exception while an accepted program runs is a
failure, and so is every wrong value.
"""
