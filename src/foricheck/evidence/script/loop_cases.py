"""Cases of loops as data: in words, and as lines that put them to a target again."""

from __future__ import annotations

import json

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.rules.rule import Rule

__all__ = ["describe", "lines"]

_LINES = """\
from foricheck.cases.from_json import batch_from_json
from foricheck.comparison.outcomes import must_give
from foricheck.strategies.cases.histories import expected_of
from foricheck.targets.jax.case import outcomes

# {words}
case = batch_from_json({data})
must_give(case, expected_of(case), outcomes(case, fori_loop))"""
_ASKING = """\
from foricheck.cases.from_json import batch_from_json
from foricheck.judging.asking import must_hold

# {words}
case = batch_from_json({data})
must_hold({rule!r}, case, fori_loop)"""
_GIVING = ({"must_give", "expected_of", "run_case"}, {"must_agree"})
"""The names that a property uses whose question is whether a case gives what it must."""


def lines(rule: Rule, case: LoopCase) -> list[str]:
    """A call of the target, and the assertion that what the rule asks of it holds."""
    words = describe(case).replace("\n", "\n# ")
    data = json.dumps(case.to_json()).replace("null", "None")
    data = data.replace("true", "True").replace("false", "False")
    text = _LINES if set(rule.prop.__code__.co_names) in _GIVING else _ASKING
    return [text.format(words=words, data=data, rule=rule.id)]


def describe(case: LoopCase) -> str:
    """A case in words: a line for each part that is not neutral."""
    neutral = LoopCase()
    parts = [
        ("bounds", _bounds(case.bounds)),
        ("carry", _carry(case.carry)),
        ("body", _body(case.body, case.carry)),
        ("unroll", "" if case.unroll == "absent" else str(case.unroll)),
        ("around", ", ".join(map(_around, case.around))),
        ("before", "" if case.history == neutral.history else case.history),
        ("called by", "" if case.style == neutral.style else case.style),
        ("under", "" if case.context == neutral.context else case.context),
    ]
    return "\n".join(f"{name}: {text}" for name, text in parts if text)


def _bounds(bounds: Bounds) -> str:
    ends = [f"{bounds.lower} to {bounds.lower + trips}" for trips in bounds.trips]
    return f"from {', then '.join(ends)}, {bounds.dtype}, given as {bounds.given}"


def _carry(carry: Carry) -> str:
    if not carry.leaves:
        return carry.container
    shared = "; leaves of one type are one object" if carry.shared else ""
    if len(carry.leaves) > 4 and len(set(carry.leaves)) < 4:
        kinds = ", ".join(dict.fromkeys(map(_leaf, carry.leaves)))
        return f"{carry.container} of {len(carry.leaves)} leaves, {kinds} in turn{shared}"
    return f"{carry.container} of {', '.join(map(_leaf, carry.leaves))}{shared}"


def _leaf(leaf: Leaf) -> str:
    values = "" if leaf.values == "small" else f" {leaf.values}"
    given = "" if leaf.given == "array" else f" given as {leaf.given}"
    return f"{leaf.dtype}{list(leaf.shape)}{values}{given}"


def _body(body: Body, carry: Carry) -> str:
    steps = ", ".join(map(_step, body.steps)) or "nothing"
    moves = f"; new leaves from {list(body.moves)}" if body.moves else ""
    effects = "".join(f"; {_effect(effect)}" for effect in body.effects)
    form = "" if body.form == "lambda" else f"; as {body.form}"
    closure = "" if body.closure == "float32" else f"; closes over {body.closure}"
    return f"{steps}{moves}{effects}{form}{closure}" if carry.leaves else f"{steps}{effects}"


def _step(step: Step) -> str:
    number = f" {step.number}" if step.number else ""
    leaf = "" if step.leaf < 0 else f" of leaf {step.leaf}"
    return f"{step.op}{number}{leaf}"


def _effect(effect: Effect) -> str:
    return f"a callback, {effect.kind}, with {effect.operands}"


def _around(around: Around) -> str:
    over = f" over {' and '.join(around.over)}" if around.over else ""
    lanes = f" by {list(around.lanes)}" if any(around.lanes) else ""
    return f"{around.name}{over}{lanes}"
