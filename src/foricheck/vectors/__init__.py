"""Vectors: frozen known answers for both kinds, made by the oracle alone.

They are for whoever cannot run foricheck: two JSON files in ``conformance/vectors``, readable by
any language, a case and its answer a line. Each vector is there for a purpose, which its flags
name; what a flag says is the bug that it hunts. The form is that of
``conformance/schemas/vectors-1.json``.
"""
