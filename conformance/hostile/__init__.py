"""Hostile targets: they change the judge from inside, die, hang, or return what lies.

Each is the text of a module that defines ``fori_loop``; ``python -m foricheck.conformance.hostile``
judges all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from foricheck.conformance.hostile import behaviour, endings, tampering

__all__ = ["HOSTILE", "Hostile"]

RIGHT = """
import numpy as np

def fori_loop(lower, upper, body_fun, init_val):
    for i in range(int(lower), int(upper)):
        init_val = body_fun(i, init_val)
    return init_val

fori_loop.foricheck = {"array_namespace": "numpy"}
right = fori_loop
"""
"""A right loop, for the rules that judge it here."""


@dataclass(frozen=True)
class Hostile:
    """One hostile target.

    Attributes:
        does: what it does.
        text: the module.
        ends: the exit statuses that a run on it may have.
    """

    does: str
    text: str
    ends: tuple[int, ...]


def _all() -> list[Hostile]:
    return [
        *(
            Hostile(does, f"{tampering.WRONG}{text}", (2,))
            for does, text in tampering.TAMPERING.items()
        ),
        *(
            Hostile(does, f"{tampering.WRONG}{text}", (1,))
            for does, text in tampering.HARMLESS.items()
        ),
        *(Hostile(does, f"{RIGHT}{text}", (1, 2)) for does, text in endings.ENDINGS.items()),
        *(Hostile(does, f"{RIGHT}{text}", (1, 2)) for does, text in behaviour.LYING.items()),
        *(Hostile(does, f"{RIGHT}{text}", (0,)) for does, text in behaviour.NUISANCE.items()),
    ]


HOSTILE = _all()
"""All of them."""
