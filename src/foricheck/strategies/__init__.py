"""Strategies: how cases are made, edge cases first.

Most strategies enumerate all their cases, simplest first. A bulk strategy decodes rows of bytes,
the choices, into cases: the row of zeros is the simplest case, and lowering a byte never makes a
case much more complex. Structured programs are decoded likewise, and each lists simpler ones to
shrink to. A few strategies are Hypothesis strategies.

`foricheck.rules.draws` describes how rules use each kind. `loop_text` and `module.text` define text
that several strategies share.
"""
