"""Program text that the cases of TRACE share.

A body raises an error when it is traced too often, so that a loop unrolled in Python fails early.
"""

__all__ = ["ANY_BOUNDS", "COUNTED"]

COUNTED = """\
traces = []

def counted(i, c):
    traces.append(1)
    assert len(traces) < 10_000, 'the body is traced again and again'
    return c * 31 + i
"""
ANY_BOUNDS = "lambda lower, upper, c: fori_loop(lower, upper, body, c)"
