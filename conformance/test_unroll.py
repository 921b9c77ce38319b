"""UNROLL: the keyword unroll, which changes the program and not the value."""

from foricheck.cases import Expression
from foricheck.programs.expressions import expected
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import RuleClass
from foricheck.rules.sources import JAX_UNROLL
from foricheck.strategies import unrolling
from foricheck.targets.loop import LoopSubject
from foricheck.ways import PLAIN, STATIC, Way

CORE = RuleClass.CORE


@rule(
    "UNROLL-01",
    CORE,
    JAX_UNROLL,
    draw=Enumerated(unrolling.every_factor),
    hunts=("a remainder left out", "an extra trip on an empty range", "a division by zero trips"),
    ways=(STATIC, Way("static", "with_jit"), PLAIN),
    needs=("unroll",),
)
def test_the_factor_does_not_change_the_value(loop: LoopSubject, case: Expression) -> None:
    """With static bounds, every value of unroll gives the same result.

    None, False, True, and each factor from 1 to two more than the trip count, divisors or not.
    """
    loop.must_equal(case, expected(case), loop.run_expression(case))
