"""Read a lowered program: StableHLO as text."""

from __future__ import annotations

import re

__all__ = ["in_whiles"]

_FUNCTION = re.compile(r"func\.func [^@]*@(?P<name>\"[^\"]*\"|[\w.$-]+)")
_CALL = re.compile(r"\bcall @(?P<name>\"[^\"]*\"|[\w.$-]+)")
_SIGNATURE_END = re.compile(r"\{\n")


def in_whiles(text: str, operation: str) -> list[int]:
    """How often an operation occurs in the body of each While, in the order of the text.

    Calls of functions of the program are inlined, so outlined iterations count as well.

    Args:
        text: a StableHLO module, as returned by ``jax.jit(…).lower(…).as_text()``.
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
    """Where a function's body opens: at a brace that ends a line, unlike those of attributes."""
    found = _SIGNATURE_END.search(text, start)
    assert found is not None
    return found.start()


def _block(text: str, start: int) -> str:
    """The text enclosed by the first brace at or after ``start``."""
    depth, opening = 0, text.index("{", start)
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[opening + 1 : position]
    raise ValueError("unclosed brace")


def _inlined(body: str, functions: dict[str, str]) -> str:
    """A function's body with all calls replaced by the bodies of the called functions."""
    return _CALL.sub(lambda call: f"{{{_inlined(functions[call['name']], functions)}}}", body)
