"""Strategies: how cases are made, edges first.

Most strategies list every case there is, the simplest first. A bulk strategy decodes a row of
bytes, the choices, into a case; the row of zeros is the simplest case, and lowering a byte never
makes a case much more complicated. A structured program is decoded in the same way, and names the
programs that are simpler than it. A few strategies are Hypothesis's.

`foricheck.rules.draws` says how a rule uses each kind. `loop_text` and `module_text` hold the text
that several strategies share.
"""
