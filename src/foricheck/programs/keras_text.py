"""Translate text over NumPy's functions to text over ``keras.ops``.

Keras uses NumPy's function names, but its dtypes are strings, its tensors have no methods, its
shapes are tuples, and symbolic tensors cannot be iterated over. The translated text is both what
runs and what the pasted script contains.
"""

from __future__ import annotations

import ast
from functools import lru_cache

from foricheck.programs.program import ROWS

__all__ = ["over_keras"]

_KINDS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
_DTYPES = {name: name for name in (*_KINDS, "float16", "float32", "float64", "complex64")}
_DTYPES["bool_"] = "bool"
_NUMBERS = ("inf", "nan", "pi")
_OTHER_NAMES = {"asarray": "array"}
_SHAPED = ("full", "ones", "zeros")
_OPERATORS = {
    ast.BitAnd: "bitwise_and",
    ast.BitOr: "bitwise_or",
    ast.BitXor: "bitwise_xor",
    ast.LShift: "left_shift",
    ast.RShift: "right_shift",
}


@lru_cache(maxsize=1024)
def over_keras(text: str) -> str:
    """The text with ``keras.ops`` as its ``xp``; names that Keras lacks are left unchanged."""
    return ast.unparse(_Translation().visit(ast.parse(text.strip())))


class _Translation(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if node.attr == "T":
            return _ops("transpose", node.value)
        if not _is_xp(node.value):
            return node
        if node.attr in _DTYPES:
            return ast.Constant(_DTYPES[node.attr])
        if node.attr in _NUMBERS:
            return ast.Attribute(ast.Name("np"), node.attr)
        return ast.Attribute(node.value, _OTHER_NAMES.get(node.attr, node.attr))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Constant(str() as dtype), [value], []):  # as in xp.int32(7)
                return _ops("array", value, ast.Constant(dtype))
            case ast.Call(ast.Name("print"), [value], []):  # some backends print no values
                to_numpy = ast.Attribute(ast.Name("xp"), "convert_to_numpy")
                mapped = ast.Attribute(ast.Name("tree"), "map_structure")
                node.args = [ast.Call(mapped, [to_numpy, value], [])]
            case ast.Call(ast.Attribute(value, "astype"), [dtype], []):
                return _ops("cast", value, dtype)
            case ast.Call(ast.Attribute(value, "reshape"), shape, []) if not _is_xp(value):
                return _ops("reshape", value, _shape(shape))
            case ast.Call(ast.Attribute(value, name), [size, *rest]) if _is_xp(value):
                return _of_ops(node, name, size, rest)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        self.generic_visit(node)
        match node.targets:
            case [ast.Tuple(names)] if [ast.unparse(name) for name in names] == _REGISTERS:
                node.value = _ops("unstack", node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.BinOp):
            return _ops("take", node.value, node.slice, ast.Constant(0))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        name = _OPERATORS.get(type(node.op))
        return _ops(name, node.left, node.right) if name else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return _ops("bitwise_not", node.operand) if isinstance(node.op, ast.Invert) else node


_REGISTERS = [f"r{row}" for row in range(ROWS)]
"""The variable names of a body program's registers."""


def _is_xp(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "xp"


def _ops(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("xp"), name), list(arguments), [])


def _of_ops(node: ast.Call, name: str, size: ast.expr, rest: list[ast.expr]) -> ast.Call:
    """A call of a function of ``keras.ops``, with shapes as tuples."""
    if name not in _SHAPED:
        return node
    shape = _shape([size])
    if name == "full" and len(rest) == 1 and not node.keywords:  # takes the number's dtype
        return _ops("broadcast_to", rest[0], shape)
    return ast.Call(node.func, [shape, *rest], node.keywords)


def _shape(sizes: list[ast.expr]) -> ast.expr:
    """The sizes as one tuple expression."""
    match sizes:
        case [ast.Tuple() as shape]:
            return shape
    return ast.Tuple(list(sizes))
