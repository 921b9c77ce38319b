"""Body programs: loop bodies as data.

`program` says what they are; `interpreter` runs them as traced data under JAX, `lowering` writes
them as Python over any array namespace, and `foricheck.oracle.programs` runs them in NumPy.
"""
