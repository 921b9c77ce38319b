"""Syntax trees: copies of nodes with other fields, and sequences without one element."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

__all__ = [
    "call_of",
    "each_without_one",
    "is_number",
    "is_text",
    "name_of",
    "negated",
    "tuples_without_one",
    "with_a_tuple_without_one",
    "with_fields",
]

Node = TypeVar("Node", bound=ast.AST)


def is_number(node: ast.AST) -> bool:
    """Whether it is a number, or an expression of numbers alone."""
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.UnaryOp(operand=operand):
            return is_number(operand)
        case ast.BinOp(left=left, right=right):
            return is_number(left) and is_number(right)
    return False


def with_fields(node: Node, **fields: Any) -> Node:
    """A copy of a node with other fields."""
    kept = {name: value for name, value in ast.iter_fields(node) if name not in fields}
    return ast.copy_location(type(node)(**kept, **fields), node)


def each_without_one(items: Sequence[Any]) -> Iterator[list[Any]]:
    """The items without the first, without the second, and so on."""
    for at in range(len(items)):
        yield [*items[:at], *items[at + 1 :]]


def tuples_without_one(node: ast.expr) -> Iterator[ast.Tuple]:
    """A tuple of two or more without its first element, without its second, and so on."""
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        for elements in each_without_one(node.elts):
            yield with_fields(node, elts=elements)


def with_a_tuple_without_one(items: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with a tuple among them that lacks an element."""
    for at, table in enumerate(items):
        for fewer in tuples_without_one(table):
            yield [*items[:at], fewer, *items[at + 1 :]]


def call_of(name: str, argument: ast.expr) -> ast.Call:
    """A call of a name with one argument."""
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def negated(test: ast.expr) -> ast.expr:
    """The negation of a condition."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def is_text(node: ast.AST) -> bool:
    """Whether a node is a string."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def name_of(node: ast.AST) -> str:
    """The name of a node's type, in lower case."""
    return type(node).__name__.lower()
