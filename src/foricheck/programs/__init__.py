"""Loops as data: body programs, structured programs and text.

`program` defines body programs; `interpreter` runs them as traced data under JAX, `lowering` emits
them as Python over any array namespace, and `foricheck.oracle.programs` runs them in NumPy.

`structured` defines structured programs, which are compiled one by one; `structured_text` emits
them, and `foricheck.oracle.structured` runs them in NumPy.

`snippets` and `expressions` evaluate loops given as text, over any array namespace and over the
oracle's loop; `containers` defines the containers that their carries may use.
"""
