"""Describe cases in words."""

from __future__ import annotations

import ast

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.evidence.script import loop_cases, permutations, recurrence_cases
from foricheck.evidence.script.values import unroll, vector
from foricheck.programs import structured_text
from foricheck.programs.program import recorder, show

__all__ = ["describe"]


def describe(case: Batch) -> str:
    """A readable description of a case."""
    match case:
        case LoopBatch():
            return "\n".join(_describe_loop(case.lane(n)) for n in range(len(case)))
        case PermutedBatch():
            return permutations.describe(case)
        case Snippet():
            return _describe_snippet(case)
        case Expression():
            lines = (case.bounds, case.values, case.given, case.setup, case.call)
            return "\n".join(text.strip() for text in lines if text.strip())
        case StructuredBatch():
            return "\n".join(map(_describe_structured, case.chunks(1)))
        case LoopCase():
            return loop_cases.describe(case)
        case RecurrenceBatch():
            lanes = (case.lane(n) for n in range(len(case)))
            return "\n".join(_describe_recurrence(lane) for lane in lanes)
        case RecurrenceCase():
            return recurrence_cases.describe(case)
        case Call():
            return f"seed = {case.seed}, x = {case.x}, hidden = {case.hidden}, T = {case.T}"
        case _:
            return repr(case)


def _describe_snippet(case: Snippet) -> str:
    returned = case.body.strip().partition("\n    ")[2].removeprefix("return ")
    try:
        as_arguments = ast.parse(f"f({returned})", mode="eval").body
    except SyntaxError:  # a body of several statements
        call = f"fori_loop({case.lower}, {case.upper}, body, {case.init})"
        return f"{case.body.strip()}\n{call}"
    several = isinstance(as_arguments, ast.Call) and len(as_arguments.args) > 1
    body = f"({returned})" if several else returned
    return f"fori_loop({case.lower}, {case.upper}, lambda i, c: {body}, {case.init})"


def _describe_loop(case: LoopBatch) -> str:
    is_recorder = (case.code[0] == recorder()).all()
    body = "the index recorder" if is_recorder else "; ".join(show(case.code[0]).splitlines())
    start = "zeros" if not case.carry.any() else case.carry[0].tolist()
    return (
        f"lower = {case.lower[0]}, upper = {case.upper[0]} ({case.dtype}), "
        f"registers = {start}, body: {body}"
    )


def _describe_structured(case: StructuredBatch) -> str:
    bounds = f"{case.dtype}({case.lower[0]}), {case.dtype}({case.upper[0]})"
    call = f"fori_loop({bounds}, body, c{unroll(case)})"
    return f"{structured_text.body(case, 'jax')}c = {structured_text.carry(case)}\n{call}"


def _describe_recurrence(case: RecurrenceBatch) -> str:
    x = vector(case.x[0])
    return f"seed = {case.seed[0]}, x = {x}, hidden = {case.hidden}, T = {case.T[0]}"
