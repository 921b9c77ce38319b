"""The script that a failure comes with: lines to paste, which need the target and nothing else."""

from __future__ import annotations

from textwrap import indent

import numpy as np

from foricheck import environment
from foricheck.cases import Array, Batch, Call, Expression, LoopBatch, RecurrenceBatch, Snippet
from foricheck.cases import StructuredBatch
from foricheck.programs import lowering, structured_text
from foricheck.programs.containers import prelude
from foricheck.programs.program import recorder, show
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target
from foricheck.ways import Way

__all__ = ["describe", "script"]

_JAX = "import jax\nimport jax.numpy as jnp\nimport numpy as np"
_NUMPY = "import numpy as np"
_X64 = """
jax.config.update("jax_enable_x64", True)
np.set_printoptions(precision=17)
"""
_NESTING = """\
inner = body


def body(i, c):
    return fori_loop(0, i, inner, c)"""
_TWO_DEVICES = """\
import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"
"""


def script(target: Target, rule: Rule, way: Way, case: Batch) -> str:
    """Python that makes the calls that failed, and prints what comes back."""
    blocks = [_imports(target, rule, way)]
    match case:
        case LoopBatch():
            blocks += _loop_in_order(way, case) if len(case) > 1 else _loop_alone(way, rule, case)
        case Snippet():
            before = prelude(case.init + case.body, target.namespace)
            blocks += [before, case.body.rstrip(), _call(way, case.lower, case.upper, case.init)]
        case Expression():
            whole = f"{case.values}\n{case.given}\n{case.call}"
            blocks += [prelude(whole, target.namespace), *_expression(way, case)]
        case StructuredBatch():
            blocks += _structured(target, way, case)
        case RecurrenceBatch():
            blocks += _recurrence_calls(way, rule, case)
        case Call():
            call = f"fori_loop_recurrence({case.seed}, {case.x}, {case.hidden}, {case.T})"
            blocks += [f"print({call})"]
    return "\n\n".join(block for block in blocks if block) + "\n"


def describe(case: Batch) -> str:
    """A case in words, for a person."""
    match case:
        case LoopBatch():
            return "\n".join(_describe_loop(case.lane(n)) for n in range(len(case)))
        case Snippet():
            body = case.body.strip().partition("\n    ")[2].removeprefix("return ")
            return f"fori_loop({case.lower}, {case.upper}, lambda i, c: {body}, {case.init})"
        case Expression():
            lines = (case.bounds, case.values, case.given, case.setup, case.call)
            return "\n".join(text.strip() for text in lines if text.strip())
        case StructuredBatch():
            return "\n".join(map(_describe_structured, case.chunks(1)))
        case RecurrenceBatch():
            lanes = (case.lane(n) for n in range(len(case)))
            return "\n".join(_describe_recurrence(lane) for lane in lanes)
        case Call():
            return f"seed = {case.seed}, x = {case.x}, hidden = {case.hidden}, T = {case.T}"
        case _:
            return repr(case)


def _describe_loop(case: LoopBatch) -> str:
    recording = (case.code[0] == recorder()).all()
    body = "the index recorder" if recording else "; ".join(show(case.code[0]).splitlines())
    start = "zeros" if not case.carry.any() else case.carry[0].tolist()
    return (
        f"lower = {case.lower[0]}, upper = {case.upper[0]} ({case.dtype}), "
        f"registers = {start}, body: {body}"
    )


def _describe_structured(case: StructuredBatch) -> str:
    bounds = f"{case.dtype}({case.lower[0]}), {case.dtype}({case.upper[0]})"
    call = f"fori_loop({bounds}, body, c{_unroll(case)})"
    return f"{structured_text.body(case, 'jax')}c = {structured_text.carry(case)}\n{call}"


def _describe_recurrence(case: RecurrenceBatch) -> str:
    x = _vector(case.x[0])
    return f"seed = {case.seed[0]}, x = {x}, hidden = {case.hidden}, T = {case.T[0]}"


def _imports(target: Target, rule: Rule, way: Way) -> str:
    jax = target.namespace == "jax"
    several = way.variant == "with_pmap" or "pmap" in rule.needs
    lines = [_TWO_DEVICES] if several else []
    lines += [_JAX if jax else _NUMPY]
    lines += [_X64] if jax and environment.has_x64() else []
    lines += [target.imports[rule.kind]]
    if rule.kind == "loop":
        lines.append(f"\nxp = {'jnp' if jax else 'np'}")
    return "\n".join(lines)


def _loop_alone(way: Way, rule: Rule, case: LoopBatch) -> list[str]:
    """One body, and the calls that show the failure."""
    bodies = [lowering.source(case.code[0]), *([_NESTING] if rule.nested else [])]
    return [*bodies, *(_loop_call(way, one) for one in rule.shown(case))]


def _loop_in_order(way: Way, case: LoopBatch) -> list[str]:
    """Calls one after the other, of bodies that differ in the constants they close over."""
    blocks = [lowering.family_source(case.code[0])]
    constants = [", ".join(map(str, code[:, 4])) for code in case.code]
    names = {those: f"body_{n}" for n, those in enumerate(dict.fromkeys(constants))}
    blocks.append("\n".join(f"{name} = family({those})" for those, name in names.items()))
    for n, those in enumerate(constants):
        blocks.append(f"body = {names[those]}\n{_loop_call(way, case.lane(n))}")
    return blocks


def _loop_call(way: Way, case: LoopBatch) -> str:
    lower, upper = (_bound(way, case.dtype, bound[0]) for bound in (case.lower, case.upper))
    return _call(way, lower, upper, _registers(case.carry[0]))


def _registers(carry: Array) -> str:
    if not carry.any():
        return f"xp.zeros({carry.shape}, xp.int32)"
    return f"xp.array({carry.tolist()}, xp.int32)"


def _bound(way: Way, dtype: str, value: int) -> str:
    return str(value) if way.bounds == "static" and dtype == "int32" else f"np.{dtype}({value})"


def _call(way: Way, lower: str, upper: str, init: str) -> str:
    """The call of a loop, inside what the variant puts around it."""
    if way.bounds == "traced":
        values = f"lower, upper = {lower}, {upper}\nc = {init}"
        return f"{values}\n{_print(way, 'fori_loop(lower, upper, body, c)', 'lower, upper, c')}"
    return f"c = {init}\n{_print(way, f'fori_loop({lower}, {upper}, body, c)', 'c')}"


def _print(way: Way, call: str, arguments: str) -> str:
    """Print a call, with what the variant puts around it as a function of the arguments."""
    function = f"lambda {arguments}: {call}"
    match way.variant:
        case "with_jit":
            return f"print(jax.jit({function})({arguments}))"
        case "with_pmap":
            stacked = f"jax.tree.map(lambda leaf: jnp.stack([leaf] * 2), ({arguments},))"
            return f"print(jax.pmap({function})(*{stacked}))"
        case "disable_jit":
            return f"with jax.disable_jit():\n    print({call})"
        case "with_device":
            return f"{arguments} = jax.device_put({arguments})\nprint({call})"
        case "without_device":
            return f"{arguments} = jax.device_get({arguments})\nprint({call})"
        case "without_jit" | "plain":
            return f"print({call})"


def _expression(way: Way, case: Expression) -> list[str]:
    """A function of the values, and of the bounds where they are traced, and its call."""
    traced = (case.bounds, case.values) if way.bounds == "traced" else (case.values,)
    arguments = ", ".join(name for text in traced for name in _names(text))
    lines = "\n".join(text.strip() for text in (case.given, case.setup) if text)
    lines = f"{lines}\nreturn {case.call}".strip()
    function = f"def call({arguments}):\n{indent(lines, '    ')}"
    assignments = "\n".join(text.strip() for text in (case.bounds, case.values) if text)
    return [assignments, function, _print(way, f"call({arguments})", arguments)]


def _structured(target: Target, way: Way, cases: StructuredBatch) -> list[str]:
    """Bodies, and one call of their loops: a program may fail only together with others."""
    suffixes = [f"_{n}" for n in range(len(cases))] if len(cases) > 1 else [""]
    bodies, values, names, calls = [], [], [], []
    for suffix, case in zip(suffixes, cases.chunks(1), strict=True):
        bodies.append(structured_text.body(case, target.namespace, f"body{suffix}").rstrip())
        bounds = ", ".join(_bound(way, cases.dtype, each[0]) for each in (case.lower, case.upper))
        if way.bounds == "traced":
            values.append(f"lower{suffix}, upper{suffix} = {bounds}")
            names.append(bounds := f"lower{suffix}, upper{suffix}")
        values.append(f"c{suffix} = {structured_text.carry(case)}")
        names.append(f"c{suffix}")
        calls.append(f"fori_loop({bounds}, body{suffix}, c{suffix}{_unroll(cases)})")
    call = f"[{', '.join(calls)}]" if len(calls) > 1 else calls[0]
    return [*bodies, "\n".join([*values, _print(way, call, ", ".join(names))])]


def _unroll(cases: StructuredBatch) -> str:
    return "" if cases.unroll is None else f", unroll={cases.unroll}"


def _names(assignments: str) -> list[str]:
    lines = assignments.splitlines()
    return [line.partition(" = ")[0] for line in lines if line[:1].isidentifier()]


def _recurrence_calls(way: Way, rule: Rule, case: RecurrenceBatch) -> list[str]:
    if "grad" in rule.needs:
        return [_gradient(case)]
    lanes = (one.lane(n) for one in rule.shown(case) for n in range(len(one)))
    return [_recurrence_call(way, lane) for lane in lanes]


def _gradient(case: RecurrenceBatch) -> str:
    call = f"fori_loop_recurrence({int(case.seed[0])}, x, {case.hidden}, {int(case.T[0])})"
    x = f"x = {_vector(case.x[0])}"
    return f"{x}\nprint(jax.grad(lambda x: {call}.sum())(x))"


def _recurrence_call(way: Way, case: RecurrenceBatch) -> str:
    x = f"x = {_vector(case.x[0])}"
    seed, hidden, T = int(case.seed[0]), case.hidden, int(case.T[0])
    if way.bounds == "traced":
        call = f"fori_loop_recurrence(seed, x, {hidden}, T)"
        values = f"np.uint32({seed % 2**32}), np.int32({T})"
        if case.x.dtype == np.float64:  # x64 is on, and numbers have 64 bits
            values = f"np.int64({seed}), np.int64({T})"
        return f"{x}\nseed, T = {values}\n{_print(way, call, 'seed, x, T')}"
    call = f"fori_loop_recurrence({seed}, x, {hidden}, {T})"
    return f"{x}\n{_print(way, call, 'x')}"


def _vector(row: Array) -> str:
    """A vector as an expression that reads back the same."""
    dtype = f"np.{row.dtype}"
    size, places = len(row), np.flatnonzero(row)
    if size > 3 and (row == row[0]).all() and not np.signbit(row).any():
        return f"np.full({size}, {row[0]}, {dtype})"
    if size > 3 and len(places) == 1 and not np.signbit(row).any():
        return f"{row[places[0]]} * np.eye({size}, dtype={dtype})[{places[0]}]"
    return f"np.array([{', '.join(map(str, row))}], {dtype})"
