"""Test vectors: frozen known answers for both kinds, computed by the oracle.

They serve projects that cannot run foricheck: two JSON files in ``conformance/vectors`` with one
case and its answer per line. The flags of a vector name the bugs it catches. The format is
``conformance/schemas/vectors-1.json``.
"""
