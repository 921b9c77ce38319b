"""Mutation operators: from a node of a syntax tree to nodes that replace it.

Offutt et al., "An experimental determination of sufficient mutant operators", ACM TOSEM 5(2),
1996, find that five operators do the work of twenty-two: relational (ROR), logical connector (LCR)
and arithmetic operator replacement (AOR), absolute value (ABS) and unary operator insertion (UOI).
Implemented here:

- ROR: one other relation each, ``<`` for ``<=``, ``==`` for ``!=``, ``in`` for ``not in`` and back;
  and a condition that is always false;
- LCR: ``and`` for ``or``, and each operand left out;
- AOR: another operator, and either operand alone;
- ABS: the absolute value of a number that ``int`` gives, and of sums and products;
- UOI: a condition negated; a number one larger, or twice as large if it is a fraction.

Added for Python: arguments swapped, left out or replaced by 0; an argument in place of the result
of the call (the argument propagation of PIT); entries left out of tables and patterns; statements
deleted (Deng, Offutt and Li, "Empirical evaluation of the statement deletion mutation
operator", ICST 2013); loops reversed and cut short (the RIL, OIL and ZIL of MutPy); and the initial
carry returned as the result.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import cast

from foricheck.zoo.syntax import (
    call_of,
    each_without_one,
    is_number,
    is_text,
    name_of,
    negated,
    tuples_without_one,
    with_a_tuple_without_one,
    with_fields,
)

__all__ = ["OPERATORS", "Replacement"]

Replacement = tuple[str, ast.AST]
"""What changes, as part of a name, and the node that replaces the old one."""

Operator = Callable[[ast.AST], Iterator[Replacement]]

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
"""Parameters that hold the initial carry."""


def relation(node: ast.AST) -> Iterator[Replacement]:
    """ROR: ``<`` becomes ``<=``, ``==`` becomes ``!=``, ``in`` becomes ``not in``, and back."""
    if isinstance(node, ast.Compare):
        for place, old in enumerate(node.ops):
            new = _RELATIONS[type(old)]()
            ops = [*node.ops[:place], new, *node.ops[place + 1 :]]
            yield f"{name_of(old)}_to_{name_of(new)}", with_fields(node, ops=ops)


def connector(node: ast.AST) -> Iterator[Replacement]:
    """LCR: ``and`` becomes ``or``, and each operand is left out."""
    if isinstance(node, ast.BoolOp):
        new = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{name_of(node.op)}_to_{name_of(new)}", with_fields(node, op=new)
        for values in each_without_one(node.values):
            alone = values[0] if len(values) == 1 else with_fields(node, values=values)
            yield f"{name_of(node.op)}_operand_dropped", alone


def arithmetic(node: ast.AST) -> Iterator[Replacement]:
    """AOR: ``+`` becomes ``-``, ``*`` becomes ``/``, and so on; or one operand remains."""
    if isinstance(node, ast.BinOp) and not is_number(node):
        if new := _ARITHMETIC.get(type(node.op)):
            yield f"{name_of(node.op)}_to_{name_of(new())}", with_fields(node, op=new())
        yield f"{name_of(node.op)}_to_left", node.left
        yield f"{name_of(node.op)}_to_right", node.right


def absolute(node: ast.AST) -> Iterator[Replacement]:
    """ABS: the absolute value of what ``int`` gives, and of sums and products."""
    match node:
        case ast.BinOp(op=op) if type(op) in _ARITHMETIC and not is_number(node):
            yield "abs", call_of("abs", node)
        case ast.Call(func=ast.Name(id="int")):
            yield "abs", call_of("abs", node)


def condition(node: ast.AST) -> Iterator[Replacement]:
    """UOI and ROR: a condition is negated, or is always false."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        if not isinstance(node.test, ast.Compare):  # which `relation` negates
            yield f"{name_of(node)}_negated", with_fields(node, test=negated(node.test))
        yield f"{name_of(node)}_never", with_fields(node, test=ast.Constant(False))
    if isinstance(node, ast.match_case) and node.guard:
        yield "guard_negated", with_fields(node, guard=negated(node.guard))
        yield "guard_never", with_fields(node, guard=ast.Constant(False))


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
    """A string in a comparison becomes empty; other strings are names or messages."""
    if isinstance(node, ast.Compare):
        for at, old in enumerate(node.comparators):
            if isinstance(old, ast.Constant) and isinstance(old.value, str):
                empty = [*node.comparators[:at], ast.Constant(""), *node.comparators[at + 1 :]]
                yield "text_emptied", with_fields(node, comparators=empty)


def arguments(node: ast.AST) -> Iterator[Replacement]:
    """The first two arguments are swapped; a keyword is left out."""
    if isinstance(node, ast.Call) and not _asks(node):
        match node.args:
            case [one, other, *rest] if not is_text(one):
                yield f"{_callee(node)}_swapped", with_fields(node, args=[other, one, *rest])
        for keyword, others in zip(node.keywords, each_without_one(node.keywords), strict=True):
            yield f"{_callee(node)}_without_{keyword.arg}", with_fields(node, keywords=others)


def argument_to_zero(node: ast.AST) -> Iterator[Replacement]:
    """The first variable argument becomes 0, in a call of ``range`` or of no builtin."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _is_own(node.func.id):
        for at, old in enumerate(node.args):
            if not isinstance(old, ast.Constant | ast.Starred | ast.GeneratorExp):
                args = [*node.args[:at], ast.Constant(0), *node.args[at + 1 :]]
                yield f"{_callee(node)}_of_zero", with_fields(node, args=args)
                break


def propagation(node: ast.AST) -> Iterator[Replacement]:
    """A call of an imported function becomes its argument, one of a method its receiver."""
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

    A table is a tuple that is iterated over, or passed as an argument or an entry.
    """
    match node:
        case ast.For(iter=table):
            for fewer in tuples_without_one(table):
                yield "element_dropped", with_fields(node, iter=fewer)
        case ast.ExceptHandler(type=ast.Tuple() as types):
            for fewer in tuples_without_one(types):
                yield "element_dropped", with_fields(node, type=fewer)
        case ast.Call():
            for args in with_a_tuple_without_one(node.args):
                yield "element_dropped", with_fields(node, args=args)
        case ast.Dict(keys=[_, _, *_]):
            for pairs in zip(
                each_without_one(node.keys), each_without_one(node.values), strict=True
            ):
                yield "entry_dropped", ast.Dict(*pairs)
            for shorter in with_a_tuple_without_one(node.values):
                yield "element_dropped", with_fields(node, values=shorter)
        case ast.MatchOr():
            for patterns in each_without_one(node.patterns):
                alone = patterns[0] if len(patterns) == 1 else with_fields(node, patterns=patterns)
                yield "alternative_dropped", alone


def deletion(node: ast.AST) -> Iterator[Replacement]:
    """SDL: a call for its effect is deleted, or a case of a match."""
    match node:
        case ast.Expr(value=ast.Call() as call):
            yield f"{_callee(call)}_deleted", ast.Pass()
        case ast.Match():
            for cases in each_without_one(node.cases):
                yield "case_deleted", with_fields(node, cases=cases)


def loop(node: ast.AST) -> Iterator[Replacement]:
    """RIL, OIL, ZIL: a for loop goes backwards, ends after one iteration, or after none."""
    if isinstance(node, ast.For):
        yield (
            "for_reversed",
            with_fields(node, iter=call_of("reversed", call_of("list", node.iter))),
        )
        yield "for_once", with_fields(node, body=[*node.body, ast.Break()])
        yield "for_never", with_fields(node, body=[ast.Break()])


def initial_carry(node: ast.AST) -> Iterator[Replacement]:
    """A function that is given the initial carry returns it."""
    if isinstance(node, ast.FunctionDef):
        given = [each.arg for each in node.args.args if each.arg in _INITIAL]
        for name in given:
            for at, statement in enumerate(node.body):
                if isinstance(statement, ast.Return):
                    result = with_fields(statement, value=ast.Name(name, ast.Load()))
                    body = [*node.body[:at], result, *node.body[at + 1 :]]
                    yield f"returns_{name}", with_fields(node, body=body)


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


def _is_own(name: str) -> bool:
    return name == "range" or name not in dir(builtins)


def _asks(call: ast.Call) -> bool:
    """Whether it is a type query, which `condition` negates already."""
    return _callee(call) in ("hasattr", "isdtype", "isinstance", "issubdtype", "type")


def _callee(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
    return "call"
