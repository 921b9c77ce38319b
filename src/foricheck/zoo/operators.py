"""Mutation operators: from a node of a syntax tree to nodes that might stand in its place.

Offutt et al., "An experimental determination of sufficient mutant operators", ACM TOSEM 5(2),
1996, find that five operators do the work of twenty-two: relational (ROR), logical connector (LCR)
and arithmetic operator replacement (AOR), absolute value (ABS) and unary operator insertion (UOI).
What is taken of them here:

- ROR: one other relation each, ``<`` for ``<=``, ``==`` for ``!=``, ``in`` for ``not in`` and back;
  and a condition that is never met;
- LCR: ``and`` for ``or``, and each operand left out;
- AOR: another operator, and either operand alone;
- ABS: the absolute value of a number that ``int`` gives, and of sums and products;
- UOI: a condition negated; a number one larger, or twice as large if it is a fraction.

What they leave out of Python is added: arguments swapped, left out, 0, or taken for the result of
the call (the argument propagation of PIT), entries left out of tables and patterns, statements
deleted (Deng, Offutt and Li, "Empirical evaluation of the statement deletion mutation
operator", ICST 2013), loops turned round and cut short (the RIL, OIL and ZIL of MutPy), and the
initial carry returned for the result.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

__all__ = ["OPERATORS", "Replacement", "is_number"]

Replacement = tuple[str, ast.AST]
"""What is done, as part of a name, and the node that comes in place of the old one."""

Operator = Callable[[ast.AST], Iterator[Replacement]]

Node = TypeVar("Node", bound=ast.AST)

_RELATIONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_INITIAL = ("init_val", "x")
"""Parameters that are the carry at the start."""


def relation(node: ast.AST) -> Iterator[Replacement]:
    """ROR: ``<`` becomes ``<=``, ``==`` becomes ``!=``, ``in`` becomes ``not in``, and back."""
    if isinstance(node, ast.Compare):
        for place, old in enumerate(node.ops):
            new = _RELATIONS[type(old)]()
            ops = [*node.ops[:place], new, *node.ops[place + 1 :]]
            yield f"{_of(old)}_to_{_of(new)}", _with(node, ops=ops)


def connector(node: ast.AST) -> Iterator[Replacement]:
    """LCR: ``and`` becomes ``or``, and each operand is left out."""
    if isinstance(node, ast.BoolOp):
        new = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{_of(node.op)}_to_{_of(new)}", _with(node, op=new)
        for values in _shorter(node.values):
            alone = values[0] if len(values) == 1 else _with(node, values=values)
            yield f"{_of(node.op)}_operand_dropped", alone


def arithmetic(node: ast.AST) -> Iterator[Replacement]:
    """AOR: ``+`` becomes ``-``, ``*`` becomes ``/``, and so on; or one operand is all there is."""
    if isinstance(node, ast.BinOp) and not is_number(node):
        if new := _ARITHMETIC.get(type(node.op)):
            yield f"{_of(node.op)}_to_{_of(new())}", _with(node, op=new())
        yield f"{_of(node.op)}_to_left", node.left
        yield f"{_of(node.op)}_to_right", node.right


def absolute(node: ast.AST) -> Iterator[Replacement]:
    """ABS: the absolute value of what ``int`` gives, and of sums and products."""
    match node:
        case ast.BinOp(op=op) if type(op) in _ARITHMETIC and not is_number(node):
            yield "abs", _call("abs", node)
        case ast.Call(func=ast.Name(id="int")):
            yield "abs", _call("abs", node)


def condition(node: ast.AST) -> Iterator[Replacement]:
    """UOI and ROR: a condition is negated, or is never met."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        if not isinstance(node.test, ast.Compare):  # whose own operator does so
            yield f"{_of(node)}_negated", _with(node, test=_negated(node.test))
        yield f"{_of(node)}_never", _with(node, test=ast.Constant(False))
    if isinstance(node, ast.match_case) and node.guard:
        yield "guard_negated", _with(node, guard=_negated(node.guard))
        yield "guard_never", _with(node, guard=ast.Constant(False))


def constant(node: ast.AST) -> Iterator[Replacement]:
    """UOI: a whole number is one larger, a fraction twice as large, True is False.

    A number written as an expression, such as ``2**31 - 1``, is one number.
    """
    match node:
        case ast.Constant(value=bool() as value):
            yield f"{value}_flipped".lower(), ast.Constant(not value)
        case ast.Constant(value=float() as value):
            yield "fraction_doubled", ast.Constant(2 * value)
        case ast.Constant(value=int()) | ast.BinOp() | ast.UnaryOp(op=ast.USub()):
            if is_number(node):
                yield "number_plus_1", ast.BinOp(cast(ast.expr, node), ast.Add(), ast.Constant(1))


def text(node: ast.AST) -> Iterator[Replacement]:
    """A text that something is compared with is empty; others are names, and told to people."""
    if isinstance(node, ast.Compare):
        for at, old in enumerate(node.comparators):
            if isinstance(old, ast.Constant) and isinstance(old.value, str):
                empty = [*node.comparators[:at], ast.Constant(""), *node.comparators[at + 1 :]]
                yield "text_emptied", _with(node, comparators=empty)


def arguments(node: ast.AST) -> Iterator[Replacement]:
    """The first two arguments are swapped; a keyword is left out."""
    if isinstance(node, ast.Call) and not _asks(node):
        match node.args:
            case [one, other, *rest] if not _is_text(one):
                yield f"{_callee(node)}_swapped", _with(node, args=[other, one, *rest])
        for keyword, others in zip(node.keywords, _shorter(node.keywords), strict=True):
            yield f"{_callee(node)}_without_{keyword.arg}", _with(node, keywords=others)


def argument_to_zero(node: ast.AST) -> Iterator[Replacement]:
    """The first argument that varies is 0, in a call of ``range`` or of what is no builtin."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _is_own(node.func.id):
        for at, old in enumerate(node.args):
            if not isinstance(old, ast.Constant | ast.Starred | ast.GeneratorExp):
                args = [*node.args[:at], ast.Constant(0), *node.args[at + 1 :]]
                yield f"{_callee(node)}_of_zero", _with(node, args=args)
                break


def propagation(node: ast.AST) -> Iterator[Replacement]:
    """A call of what is from elsewhere gives its argument, a method what it is called on."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() | ast.Subscript() as receiver)):
            yield f"{_callee(node)}_dropped", receiver
        case ast.Call(func=ast.Name(id=name)) if _is_own(name):
            return
        case ast.Call() if not _asks(node):
            varying = (each for each in node.args if not isinstance(each, ast.Constant))
            if given := next(varying, None):
                yield f"{_callee(node)}_to_argument", given


def entry(node: ast.AST) -> Iterator[Replacement]:
    """An element of a table, an entry of a dict, or an alternative of a pattern is left out.

    A table is a tuple that is run through, or given whole: as an argument or as an entry.
    """
    match node:
        case ast.For(iter=table):
            for fewer in _without_one(table):
                yield "element_dropped", _with(node, iter=fewer)
        case ast.ExceptHandler(type=ast.Tuple() as types):
            for fewer in _without_one(types):
                yield "element_dropped", _with(node, type=fewer)
        case ast.Call():
            for args in _with_one_shorter(node.args):
                yield "element_dropped", _with(node, args=args)
        case ast.Dict(keys=[_, _, *_]):
            for pairs in zip(_shorter(node.keys), _shorter(node.values), strict=True):
                yield "entry_dropped", ast.Dict(*pairs)
            for values in _with_one_shorter(node.values):
                yield "element_dropped", _with(node, values=values)
        case ast.MatchOr():
            for patterns in _shorter(node.patterns):
                alone = patterns[0] if len(patterns) == 1 else _with(node, patterns=patterns)
                yield "alternative_dropped", alone


def deletion(node: ast.AST) -> Iterator[Replacement]:
    """SDL: a call for its effect is deleted, or a case of a match."""
    match node:
        case ast.Expr(value=ast.Call() as call):
            yield f"{_callee(call)}_deleted", ast.Pass()
        case ast.Match():
            for cases in _shorter(node.cases):
                yield "case_deleted", _with(node, cases=cases)


def loop(node: ast.AST) -> Iterator[Replacement]:
    """RIL, OIL, ZIL: a for loop goes backwards, ends after one iteration, or after none."""
    if isinstance(node, ast.For):
        yield "for_reversed", _with(node, iter=_call("reversed", _call("list", node.iter)))
        yield "for_once", _with(node, body=[*node.body, ast.Break()])
        yield "for_never", _with(node, body=[ast.Break()])


def initial_carry(node: ast.AST) -> Iterator[Replacement]:
    """A function that is given the initial carry returns it."""
    if isinstance(node, ast.FunctionDef):
        given = [each.arg for each in node.args.args if each.arg in _INITIAL]
        for name in given:
            for at, statement in enumerate(node.body):
                if isinstance(statement, ast.Return):
                    result = _with(statement, value=ast.Name(name, ast.Load()))
                    body = [*node.body[:at], result, *node.body[at + 1 :]]
                    yield f"returns_{name}", _with(node, body=body)


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


OPERATORS: tuple[Operator, ...] = (
    relation,
    connector,
    arithmetic,
    absolute,
    condition,
    constant,
    text,
    arguments,
    argument_to_zero,
    propagation,
    entry,
    deletion,
    loop,
    initial_carry,
)


def _with(node: Node, **fields: Any) -> Node:
    """A copy of a node with other fields."""
    kept = {name: value for name, value in ast.iter_fields(node) if name not in fields}
    return ast.copy_location(type(node)(**kept, **fields), node)


def _shorter(items: Sequence[Any]) -> Iterator[list[Any]]:
    """The items without the first, without the second, and so on."""
    for at in range(len(items)):
        yield [*items[:at], *items[at + 1 :]]


def _without_one(node: ast.expr) -> Iterator[ast.Tuple]:
    """A tuple of two or more without its first element, without its second, and so on."""
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        for elements in _shorter(node.elts):
            yield _with(node, elts=elements)


def _with_one_shorter(items: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with a tuple among them that lacks an element."""
    for at, table in enumerate(items):
        for fewer in _without_one(table):
            yield [*items[:at], fewer, *items[at + 1 :]]


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def _is_own(name: str) -> bool:
    return name == "range" or name not in dir(builtins)


def _asks(call: ast.Call) -> bool:
    """Whether it only asks what something is: as a condition it is negated, that is enough."""
    return _callee(call) in ("hasattr", "isdtype", "isinstance", "issubdtype", "type")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _callee(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
    return "call"


def _of(node: ast.AST) -> str:
    return type(node).__name__.lower()
