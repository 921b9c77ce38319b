"""Emit calls of loops."""

from __future__ import annotations

from textwrap import indent

from foricheck.cases.loop import Expression, LoopBatch, Snippet, StructuredBatch
from foricheck.cases.variants import Variant
from foricheck.evidence.script import calls
from foricheck.evidence.script.calls import printed
from foricheck.evidence.script.values import bound, registers, unroll
from foricheck.programs import lowering, structured_text
from foricheck.programs.containers import prelude
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target

__all__ = ["expression", "programs", "snippet", "structured"]

_NESTING = """\
inner = body


def body(i, c):
    return fori_loop(0, i, inner, c)"""


def programs(variant: Variant, rule: Rule, cases: LoopBatch) -> list[str]:
    """The script of body programs: the calls of one program, or a sequence of calls in order."""
    return _in_order(variant, cases) if len(cases) > 1 else _alone(variant, rule, cases)


def snippet(target: Target, variant: Variant, case: Snippet) -> list[str]:
    """The script of a snippet."""
    before = prelude(case.init + case.body, target.namespace)
    return [before, case.body.rstrip(), calls.loop(variant, case.lower, case.upper, case.init)]


def expression(target: Target, variant: Variant, case: Expression) -> list[str]:
    """The script of an expression: a function of the values and traced bounds, and its call."""
    traced = (case.bounds, case.values) if variant.bounds == "traced" else (case.values,)
    arguments = ", ".join(name for text in traced for name in _names(text))
    lines = "\n".join(text.strip() for text in (case.given, case.setup) if text)
    lines = f"{lines}\nreturn {case.call}".strip()
    function = f"def call({arguments}):\n{indent(lines, '    ')}"
    assignments = "\n".join(text.strip() for text in (case.bounds, case.values) if text)
    before = prelude(f"{case.values}\n{case.given}\n{case.call}", target.namespace)
    return [before, assignments, function, printed(variant, f"call({arguments})", arguments)]


def structured(target: Target, variant: Variant, cases: StructuredBatch) -> list[str]:
    """The bodies and one call of all loops: a program may fail only together with others."""
    suffixes = [f"_{n}" for n in range(len(cases))] if len(cases) > 1 else [""]
    bodies, values, names, called = [], [], [], []
    for suffix, case in zip(suffixes, cases.chunks(1), strict=True):
        bodies.append(structured_text.body(case, target.namespace, f"body{suffix}").rstrip())
        bounds = ", ".join(
            bound(variant, cases.dtype, each[0]) for each in (case.lower, case.upper)
        )
        if variant.bounds == "traced":
            values.append(f"lower{suffix}, upper{suffix} = {bounds}")
            names.append(bounds := f"lower{suffix}, upper{suffix}")
        values.append(f"c{suffix} = {structured_text.carry(case)}")
        names.append(f"c{suffix}")
        called.append(f"fori_loop({bounds}, body{suffix}, c{suffix}{unroll(cases)})")
    call = f"[{', '.join(called)}]" if len(called) > 1 else called[0]
    return [*bodies, "\n".join([*values, printed(variant, call, ", ".join(names))])]


def _alone(variant: Variant, rule: Rule, case: LoopBatch) -> list[str]:
    """One body and the calls that reproduce the failure."""
    bodies = [lowering.source(case.code[0]), *([_NESTING] if rule.nested else [])]
    made = [(each, one) for each in rule.compared(variant) for one in rule.reproduction(case)]
    return [*bodies, *(_program(each, one) for each, one in made)]


def _in_order(variant: Variant, case: LoopBatch) -> list[str]:
    """A sequence of calls, of bodies that differ in the constants they close over."""
    blocks = [lowering.family_source(case.code[0])]
    constants = [", ".join(map(str, code[:, 4])) for code in case.code]
    names = {values: f"body_{n}" for n, values in enumerate(dict.fromkeys(constants))}
    blocks.append("\n".join(f"{name} = family({values})" for values, name in names.items()))
    for n, values in enumerate(constants):
        blocks.append(f"body = {names[values]}\n{_program(variant, case.lane(n))}")
    return blocks


def _program(variant: Variant, case: LoopBatch) -> str:
    lower, upper = (bound(variant, case.dtype, side[0]) for side in (case.lower, case.upper))
    return calls.loop(variant, lower, upper, registers(case.carry[0]))


def _names(assignments: str) -> list[str]:
    lines = assignments.splitlines()
    return [line.partition(" = ")[0] for line in lines if line[:1].isidentifier()]
