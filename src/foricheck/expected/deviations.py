"""Known deviations: rules that a released JAX itself breaks.

A deviation is reported, never hidden by narrowing a strategy: the rule is judged and its failure
is expected. If the bundled reference passes after all, the run fails, so that a fixed version is
noticed. Targets built on JAX inherit the deviation, but need not have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import StructuredBatch
from foricheck.cases.variants import Bounds, Transform, Variant
from foricheck.comparison.violations import Violation
from foricheck.evidence.failure import Failure
from foricheck.programs.structured import OPS, ops_of
from foricheck.targets.jax import config

__all__ = ["DEVIATIONS", "Deviation", "installed", "match"]


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One rule that released versions of JAX break.

    Attributes:
        rule: the rule's id.
        versions: the versions that have it, as text.
        applies: whether the installed versions are among them.
        bounds: ``static`` or ``traced`` if it is seen only with such bounds, otherwise None.
        case: the minimal case.
        why: what happens instead.
        upstream: the issue, or ``""``.
        transforms: the transformations under which it is seen, if not under all.
        got: prefixes of the wrong results, each after its path, such as ``[1] 3``; any other
            result is another failure. A target may be better than JAX at one path, and fail at
            the next.
        programs: groups of instructions; a structured program that shows it has one of each group.
        differences: the pairs of expected and got that such a program shows, if not any pair.
        exported: whether it is in the program that JAX exports, whatever runs that program.
    """

    rule: str
    versions: str
    applies: Callable[[], bool]
    bounds: Bounds | None
    case: str
    why: str
    upstream: str = ""
    transforms: tuple[Transform, ...] = ()
    got: tuple[str, ...] = ()
    programs: tuple[tuple[str, ...], ...] = ()
    differences: tuple[tuple[str, str], ...] = ()
    exported: bool = False

    def is_seen(self, variant: Variant, failure: Failure | None) -> bool:
        """Whether it is seen in this variant, and explains the failure, if the rule has failed."""
        if self.bounds not in (None, variant.bounds):
            return False
        if self.transforms and variant.transform not in self.transforms:
            return False
        if failure is None or not self.got:
            return True
        return f"{failure.path} {failure.got}".strip().startswith(self.got)

    def matches(self, violation: Violation) -> bool:
        """Whether a shrunk violation has the instructions and the difference."""
        case, found = violation.case, violation.difference
        if not self.programs or not isinstance(case, StructuredBatch) or len(case) != 1:
            return False
        if self.differences and (found.expected, found.got) not in self.differences:
            return False
        ops = ops_of(case.code[0])
        return all(any(op in ops for op in group) for group in self.programs)

    def without_instructions(self, case: Batch) -> Batch:
        """The program without the instructions that show the deviation."""
        if not isinstance(case, StructuredBatch):
            return case
        mine = [OPS.index(op) for group in self.programs for op in group]
        code = case.code.copy()
        code[np.isin(code[..., 0], mine)] = 0
        return replace(case, code=code)

    def __str__(self) -> str:
        text = f"known deviation of JAX ({self.versions}): {self.case} {self.why}"
        return f"{text}; {self.upstream}" if self.upstream else text


def installed() -> dict[str, Deviation]:
    """The deviations of the installed versions, by rule."""
    return {each.rule: each for each in DEVIATIONS if each.applies()}


def match(violation: Violation) -> Deviation | None:
    """The deviation of the installed versions that a violation matches, or None."""
    return next((each for each in DEVIATIONS if each.applies() and each.matches(violation)), None)


def _on_a_cpu() -> bool:
    return config.platform_of_jax() == "cpu"


def _jax() -> tuple[int, ...]:
    """The first three numbers of JAX's version."""
    return tuple(int(number) for number in re.findall(r"\d+", metadata.version("jax"))[:3])


DEVIATIONS = (
    Deviation(
        rule="BOUND-12",
        versions="all, x64 off",
        applies=lambda: not config.has_x64(),
        bounds="static",
        case="fori_loop(np.uint32(2**32 - 1), np.uint32(0), …)",
        why="raises OverflowError with static bounds, though the same traced bounds are accepted",
    ),
    Deviation(
        rule="UNROLL-04",
        versions="0.6.0 and later",
        applies=lambda: True,
        bounds=None,
        case="jax.jit(lambda n: fori_loop(0, n, body, c, unroll=True))(5)",
        why="runs rolled, where unroll=2 is refused: True == 1, and 1 is let through",
    ),
    Deviation(
        rule="UNROLL-12",
        versions="0.8.1 and later, at least",
        applies=lambda: True,
        bounds="static",
        case="fori_loop(0, 5, body, c, unroll=2.0), then fori_loop(0, 5, body, c, unroll=2)",
        why="raises TypeError twice: the program is cached by the factor, and 2.0 == 2",
    ),
    Deviation(
        rule="UNROLL-13",
        versions="0.8.1 and later, at least",
        applies=lambda: True,
        bounds="static",
        case="fori_loop(0, 1, body, c, unroll=True)",
        why="leaves a While of one trip in the lowered program, though unroll=2 leaves none",
    ),
    Deviation(
        rule="ERROR-13",
        versions="0.8.1 to 0.10.1",
        applies=lambda: _jax() < (0, 10, 2),
        bounds=None,
        case="jax.jit(lambda n: fori_loop(0, n, lambda i, c: 'text', c))(3)",
        why="raises AttributeError: the message of the TypeError cannot be made",
    ),
    Deviation(
        rule="BOUND-13",
        versions="all, x64 off",
        applies=lambda: not config.has_x64(),
        bounds="traced",
        got=("[0] 0",),
        case="jax.jit(lambda n: fori_loop(2**31 - 2, n, body, c))(np.int64(2**31 + 2))",
        why="runs no trip: an argument of jit is cut to 32 bits without a word",
        exported=True,
        upstream="https://github.com/jax-ml/jax/issues/1218",
    ),
    Deviation(
        rule="CARRY-14",
        versions="0.6.1 and later",
        applies=lambda: True,
        bounds="static",
        transforms=("without_jit",),
        got=tuple(f"[{leaf}][0] False" for leaf in range(5)),
        case="fori_loop(0, 3, lambda i, c: c, np.ones(2))",
        why="gives the caller's own array back, of float64 even where x64 is off",
    ),
    Deviation(
        rule="CARRY-15",
        versions="all",
        applies=lambda: True,
        bounds="static",
        transforms=("disable_jit",),
        got=("[0][0] 6", "[1][0] 6", "[2][0] 6"),
        case="with jax.disable_jit(): fori_loop(0, 3, body, c), where the body does c += 1",
        why="writes into the caller's NumPy array c",
        upstream="https://github.com/jax-ml/jax/issues/27019 (mended for while_loop)",
    ),
    Deviation(
        rule="TRACE-17",
        versions="0.11.2 and later, at least, on a CPU",
        applies=lambda: _on_a_cpu() and _jax() >= (0, 11),
        bounds="static",
        got=("event 2 of 2 (",),
        case="jax.jit(jax.jit(lambda: fori_loop(0, 2, body, {}))) with an ordered callback in body",
        why="makes 102 callbacks and not 2: the loop, whose state is a token, is run 51 times",
    ),
    Deviation(
        rule="TRACE-18",
        versions="all",
        applies=lambda: True,
        bounds="static",
        got=("event 3 of 4 (6 came)",),
        case="jax.vmap(lambda n: fori_loop(0, n, body, c))(jnp.array([1, 3])) with "
        "jax.debug.callback in body",
        why="makes 6 callbacks and not 4: a lane that has ended makes them until all have",
    ),
    Deviation(
        rule="ITER-15",
        versions="all, on a CPU",
        applies=_on_a_cpu,
        bounds=None,
        got=("[0][2] 0",),
        case="fori_loop(0, 1, lambda i, c: (s := jnp.cumsum(c)).at[1:].set(s[:-1]), jnp.arange(4))",
        why="gives [0, 0, 0, 0] and not [0, 0, 1, 3]: XLA moves a window of an array within the "
        "array in place, and reads what it has just written",
        upstream="https://github.com/openxla/xla/issues/49176",
        programs=(("shift_right", "set_window"),),
    ),
    Deviation(
        rule="ITER-16",
        versions="before 0.12.0",
        applies=lambda: _jax() < (0, 12, 0),
        bounds=None,
        got=("[0][0] 0",),
        case="lax.dynamic_slice(jnp.roll(c, i), [i], [8]) with i = 9 and c = jnp.arange(16)",
        why="gives the first 8 elements of c and not those from 15 on, around: XLA moves the "
        "window before it is held inside the array",
        upstream="https://github.com/openxla/xla/issues/49121",
        programs=(("roll_by_i",), ("window",)),
    ),
    Deviation(
        rule="ITER-17",
        versions="0.8.1 and later, at least",
        applies=lambda: True,
        bounds="traced",
        got=("0", "OverflowError"),
        case="jax.jit(lambda n: fori_loop(np.int8(-1), n, lambda i, c: c + table[i], 0))"
        "(np.int8(0)) with table = jnp.arange(129)",
        why="gives 0 and not 128: a negative index is brought into the array in its own 8 bits; "
        "table.at[i].set(…) raises OverflowError, whatever the index",
        exported=True,
    ),
    Deviation(
        rule="ITER-20",
        versions="0.4.34 and later, on a CPU",
        applies=_on_a_cpu,
        bounds=None,
        got=("[0] nan",),
        case="fori_loop(0, 1, lambda i, c: jnp.where(jnp.abs(c) >= 0, c, -2), jnp.nan)",
        why="gives NaN and not -2: XLA takes a size, a square or a relu for at least zero without "
        "a comparison, NaN too",
        programs=(("abs",), ("keep",)),
    ),
    Deviation(
        rule="ITER-21",
        versions="0.4.21 and later, at least, on a CPU",
        applies=_on_a_cpu,
        bounds=None,
        got=("[0] -0.0",),
        case="fori_loop(0, 1, lambda i, c: c + 0, -0.0)",
        why="gives -0.0 and not 0.0: XLA leaves out the addition of a constant zero",
        programs=(("plus",),),
        differences=(("0.0", "-0.0"),),
    ),
    Deviation(
        rule="ITER-22",
        versions="0.4.21 and later, at least, on a CPU",
        applies=_on_a_cpu,
        bounds=None,
        got=("[0] 0.0", "[1] 0.0"),
        case="fori_loop(0, 1, lambda i, c: c * (c > 0), jnp.nan)",
        why="gives 0.0 and not NaN: XLA makes a choice between c and 0 of the product",
        upstream="https://github.com/openxla/xla/issues/2438",
        programs=(("gate",),),
        differences=(("nan", "0.0"), ("-0.0", "0.0")),
    ),
    Deviation(
        rule="ITER-23",
        versions="0.4.34 to 0.11.0, on a CPU",
        applies=lambda: _jax() < (0, 11, 1) and _on_a_cpu(),
        bounds=None,
        got=("[0][0] ",),
        case="fori_loop(0, 1, lambda i, c: c * c // 4, jnp.int32(50_000))",
        why="gives 625000000 and not -448741824: XLA takes a square for at least zero, and it "
        "is -1794967296 modulo 2**32",
        programs=(("mul",), ("divide",)),
    ),
)
