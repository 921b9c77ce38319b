"""Strategies: how cases are made, edges first.

A bulk strategy decodes a row of bytes, the choices, into a case; the row of zeros is the simplest
case, and lowering a byte never makes a case much more complicated. The others are Hypothesis's.
"""
