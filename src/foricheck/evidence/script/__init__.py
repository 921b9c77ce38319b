"""The script in a failure record: lines to paste that need only the target."""

from __future__ import annotations

from dataclasses import replace

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.evidence.script import (
    engines,
    loop_cases,
    loops,
    permutations,
    recurrence_cases,
    recurrences,
    wire,
)
from foricheck.evidence.script.describing import describe
from foricheck.programs.dialects import written
from foricheck.rules.rule import Rule
from foricheck.targets.jax import config
from foricheck.targets.target import Target

__all__ = ["describe", "script"]

_JAX = "import jax\nimport jax.numpy as jnp\nimport numpy as np"
_NUMPY = "import numpy as np"
_XP = {"jax": "\nxp = jnp", "keras": "from keras import ops as xp, tree"}
_X64 = """
jax.config.update("jax_enable_x64", True)
np.set_printoptions(precision=17)
"""
_TWO_DEVICES = """\
import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"
"""


def script(target: Target, rule: Rule, variant: Variant, case: Batch) -> str:
    """Python that repeats the failed calls and prints their results.

    For a target behind a harness the script is a shell command; for a target on another engine,
    jitted calls are exported to it.
    """
    if target.namespace == "wire":
        return wire.script(target, rule, case)
    if target.namespace == "engine":
        like_jax = script(replace(target, namespace="jax"), rule, variant, case)
        return engines.on_engine(target.callables[rule.kind], like_jax)
    calls = (written(lines, target.namespace) for lines in _calls(target, rule, variant, case))
    blocks = [_imports(target, rule, variant), *calls]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _calls(target: Target, rule: Rule, variant: Variant, case: Batch) -> list[str]:
    match case:
        case LoopBatch():
            return loops.programs(variant, rule, case)
        case PermutedBatch():
            return permutations.permuted(variant, case)
        case Snippet():
            return loops.snippet(target, variant, case)
        case Expression():
            return loops.expression(target, variant, case)
        case StructuredBatch():
            return loops.structured(target, variant, case)
        case LoopCase():
            return loop_cases.lines(rule, case)
        case RecurrenceBatch():
            return recurrences.batch(variant, rule, case)
        case RecurrenceCase():
            return recurrence_cases.lines(case)
        case Call():
            return recurrences.call(case)
        case _:
            raise TypeError(f"no script for a {type(case).__name__}")


def _imports(target: Target, rule: Rule, variant: Variant) -> str:
    jax = target.namespace == "jax"
    several = variant.transform == "with_pmap" or "pmap" in rule.needs
    lines = [_TWO_DEVICES] if several else []
    lines += [_JAX if jax else _NUMPY]
    lines += [_X64] if jax and config.has_x64() else []
    lines += [target.imports[rule.kind]]
    if rule.kind == "loop":
        lines.append(_XP.get(target.namespace, "\nxp = np"))
    return "\n".join(lines)
