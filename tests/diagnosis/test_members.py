"""Wrong members of the zoo get the right diagnosis, or none."""

from __future__ import annotations

import pytest

from foricheck.conformance.zoo import members
from foricheck.judging.events import RuleResult, ignore
from foricheck.judging.plan import Plan
from foricheck.judging.run import Judge
from foricheck.rules.registry import all_rules
from foricheck.targets.jax.config import force_host_devices
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec

RULES = {rule.id: rule for rule in all_rules()}
MEMBERS = {member.name: member for member in members()}

CAUSES = {
    "one_trip_short": "The last iteration does not run",
    "starts_at_one": "The first iteration does not run",
    "inclusive_upper": "The upper bound is included",
    "runs_backwards": "The iterations run backwards",
    "absolute_trip_count": "Bounds in the wrong order are swapped",
    "step_of_two": "The index advances by 2",
    "ignores_lower": "The lower bound is ignored",
    "repeats_last_index": "The last iteration runs twice",
    "unrolled_without_remainder": "The remainder after whole blocks of 4",
    "index_from_zero": "The index counts from 0",
    "body_twice_each_trip": "Every iteration runs twice",
    "one_step_short": "The loop runs T − 1 times",
    "one_step_more": "The loop runs T + 1 times",
    "zero_steps_is_one": "One step runs even for T = 0",
    "absolute_T": "The loop runs |T| times",
    "starts_from_zeros": "The state starts at zero",
    "x_not_added": "x is not added in the step",
    "x_inside_product": "x is inside the product",
    "x_outside_tanh": "x is outside of tanh",
    "product_from_left": "W is transposed",
    "weights_not_scaled": "W is not scaled by 0.1",
    "weights_scaled_by_fan_in": "W is scaled by 1 / sqrt(hidden)",
    "key_not_folded": "W is drawn with key(seed) itself",
    "second_key_of_stream": "W is drawn with the second key",
    "seed_sign_lost": "W is that of |seed|",
    "product_in_bfloat16": "The product state @ W is computed in bfloat16",
    "result_is_a_row": "the result has an axis too many",
    "result_in_float16": "the result is float16",
    "steps_unrolled_in_python": "The steps are unrolled",
}
"""By member, how its diagnosis begins, or what is in it."""

UNKNOWN = (
    "integers_through_float32",
    "stops_at_fixed_point",
    "negative_zero_of_x_lost",
    "tanh_pade",
    "tiny_bias",
    "state_is_written_into_x",
)
"""Members of which no hypothesis is the cause."""


def judged(name: str) -> RuleResult:
    """The first rule that must catch a member, judged on it."""
    member = MEMBERS[name]
    rule = RULES[member.caught_by[0]]
    force_host_devices()
    plan = Plan(target=load(TargetSpec(member.path)), rules=(rule,), profile="quick")
    return Judge(plan, ignore).rule(rule)


@pytest.mark.parametrize(("name", "words"), CAUSES.items())
def test_the_cause_is_told(name: str, words: str) -> None:
    failure = judged(name).failure
    assert failure is not None
    assert words in failure.diagnosis


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_not_told(name: str) -> None:
    failure = judged(name).failure
    assert failure is not None
    assert failure.diagnosis == ""
