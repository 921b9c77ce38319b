"""Loops as data: body programs, structured programs and text.

`program` says what body programs are; `interpreter` runs them as traced data under JAX, `lowering`
writes them as Python over any array namespace, and `foricheck.oracle.programs` runs them in NumPy.

`structured` says what structured programs are, which are compiled one by one; `structured_text`
writes them out, and `foricheck.oracle.structured` runs them in NumPy.

`snippets` and `expressions` evaluate loops that are text, over any array namespace and over the
oracle's loop; `containers` are what the carries of both may be made of.
"""
