"""Reading a lowered program: StableHLO as text."""

from __future__ import annotations

import re

__all__ = ["in_whiles"]

_FUNCTION = re.compile(r"func\.func [^@]*@(?P<name>\"[^\"]*\"|[\w.$-]+)")
_CALL = re.compile(r"\bcall @(?P<name>\"[^\"]*\"|[\w.$-]+)")
_SIGNATURE_END = re.compile(r"\{\n")


def in_whiles(text: str, operation: str) -> list[int]:
    """How many of an operation the body of each While has, in the order of the text.

    Calls of functions of the program are followed: whether an iteration is written out or called
    makes no difference.

    Args:
        text: a StableHLO module, as ``jax.jit(…).lower(…).as_text()`` gives it.
        operation: its name, such as ``stablehlo.cosine``.
    """
    functions = _functions(text)
    program = _inlined(functions["main"], functions)
    starts = [found.end() for found in re.finditer(r"\bstablehlo\.while\b", program)]
    bodies = [_block(program, program.index("do {", start)) for start in starts]
    return [len(re.findall(rf"{re.escape(operation)}\b", body)) for body in bodies]


def _functions(text: str) -> dict[str, str]:
    """The body of each function, by name."""
    found = _FUNCTION.finditer(text)
    return {each["name"]: _block(text, _opening(text, each.end())) for each in found}


def _opening(text: str, start: int) -> int:
    """Where a function's body opens: a brace at the end of a line, unlike those of attributes."""
    found = _SIGNATURE_END.search(text, start)
    assert found is not None
    return found.start()


def _block(text: str, start: int) -> str:
    """What the first brace from ``start`` on encloses."""
    depth, opening = 0, text.index("{", start)
    for place in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[opening + 1 : place]
    raise ValueError("a brace is not closed")


def _inlined(body: str, functions: dict[str, str]) -> str:
    """A function's body with the bodies of the functions that it calls in their place."""
    return _CALL.sub(lambda call: f"{{{_inlined(functions[call['name']], functions)}}}", body)
