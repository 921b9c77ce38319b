"""The declaration of the JSON report, which gives its schema, its writer and its reader.

The members are those of the events. Two have another name in JSON: a level is a ``class``, a
variant is a ``way``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from foricheck.judging.events import Status, Verdict
from foricheck.targets.target import Namespace

__all__ = ["SCHEMA_VERSION", "EnvironmentEntry", "FailureEntry", "Kind", "LevelName"]
__all__ += ["ProfileName", "ReportDocument", "RuleEntry", "RuleId", "RuleStatus", "Versions"]

SCHEMA_VERSION = 1

Kind = Literal["loop", "recurrence", "loop and recurrence"]
LevelName = Annotated[
    Literal["core", "parity", "quirk"],
    Meta(
        description="How binding the rule is: documented, as JAX does, or tied to versions of JAX."
    ),
]
ProfileName = Literal["quick", "default", "deep"]
RuleId = Annotated[
    str, Meta(pattern="^[A-Z]+-[0-9]{1,9}$", description="Chapter and number, such as ITER-01.")
]
RuleStatus = Annotated[
    Status,
    Meta(
        description="xfailed: failed, as expected; xpassed: passed, although a failure was "
        "expected."
    ),
]
Versions = Annotated[dict[str, str], Meta(description="Versions by package.")]
Ratio = Annotated[
    float | Literal["Infinity", "NaN"] | None,
    Meta(description="An error divided by its derived bound; above 1 is a failure."),
]


class EnvironmentEntry(Struct, frozen=True, kw_only=True):
    """Where the run took place."""

    versions: Versions
    platform: Annotated[str, Meta(description="The platform, such as cpu.")]
    device: Annotated[str, Meta(description="The device.")]
    flags: Annotated[
        dict[str, str],
        Meta(description="The environment variables of JAX and XLA that were set, and honoured."),
    ] = field(default_factory=dict)
    set_back: Annotated[
        tuple[str, ...],
        Meta(
            description="Flags that were set back to judge, each with its value and the reason in "
            "one line."
        ),
    ] = ()


class FailureEntry(Struct, frozen=True, kw_only=True, rename={"variant": "way"}):
    """The evidence for a broken rule."""

    id: Annotated[str, Meta(min_length=1, description="The argument of foricheck replay.")]
    rule: Annotated[str, Meta(description="The rule's id.")]
    sentence: Annotated[str, Meta(description="What the rule says.")]
    variant: Annotated[str, Meta(description="The way of calling the target.")]
    case: Annotated[str, Meta(description="The minimal case.")]
    path: Annotated[
        str,
        Meta(description="Where expected and got first differ; empty for the result itself."),
    ]
    expected: Annotated[str, Meta(description="The oracle's value.")]
    got: Annotated[str, Meta(description="The target's value.")]
    why: Annotated[str, Meta(description="The kind of difference, such as dtype.")]
    ratio: Ratio
    script: Annotated[
        str,
        Meta(
            description="Lines to paste that need only the target: Python, or a shell's for a "
            "harness."
        ),
    ]
    data: Annotated[
        dict[str, Any],
        Meta(description="The case's exact form, which foricheck replay --from reads."),
    ]
    diagnosis: Annotated[
        str, Meta(description="The cause in words; empty where it is not known.")
    ] = ""


class RuleEntry(Struct, frozen=True, kw_only=True, rename={"level": "class", "variants": "ways"}):
    """The judgement on one rule."""

    id: RuleId
    level: LevelName
    sentence: Annotated[str, Meta(description="What the rule says.")]
    status: RuleStatus
    cases: Annotated[int, Meta(ge=0, description="How many cases were judged.")]
    seconds: Annotated[float, Meta(ge=0, description="How long judging took.")]
    compilations: Annotated[
        int, Meta(ge=0, description="How many programs XLA compiled meanwhile.")
    ]
    cached: Annotated[
        int,
        Meta(
            ge=0,
            description="How many programs came from the cache of compiled programs instead.",
        ),
    ] = 0
    max_ratio: Ratio
    variants: Annotated[
        tuple[str, ...],
        Meta(description="The ways of calling the target under which the rule was judged."),
    ]
    digest: Annotated[
        str,
        Meta(
            description="A fingerprint of the cases: two runs that judged the same have the same."
        ),
    ]
    reason: Annotated[
        str,
        Meta(
            description="Why the rule was skipped, expected to fail, or passed with cases left "
            "out; or empty."
        ),
    ]
    failure: Annotated[FailureEntry | None, Meta(description="The evidence, when the rule failed.")]
    left_out: Annotated[
        int, Meta(ge=0, description="How many cases were left out; the reason says why.")
    ] = 0
    inconclusive: Annotated[
        bool,
        Meta(
            description="Whether the rule was skipped although the target claims all that it "
            "needs: no answer came in time."
        ),
    ] = False


class ReportDocument(Struct, frozen=True, kw_only=True):
    """The judgement on one target, as written by foricheck run --json."""

    schema: Annotated[Literal[1], Meta(description="The version of this schema.")]
    target: Annotated[str, Meta(description="The target, as the person named it.")]
    kind: Annotated[
        Kind,
        Meta(
            description="What the target claims to be: loop (fori_loop), recurrence "
            "(fori_loop_recurrence), or both."
        ),
    ]
    array_namespace: Annotated[
        Namespace,
        Meta(
            description="The arrays that the target is given: of JAX, NumPy or Keras; wire: cases "
            "as lines of JSON; engine: programs exported from JAX."
        ),
    ]
    capabilities: Annotated[
        tuple[str, ...],
        Meta(
            description="What the target says it can do; rules that need more are skipped.",
            extra_json_schema={"uniqueItems": True},
        ),
    ]
    lacks: Annotated[
        dict[str, str],
        Meta(
            description="Capabilities that the target did not declare to lack and was found to "
            "lack when tried, with the reason in one line."
        ),
    ] = field(default_factory=dict)
    pattern: Annotated[
        str,
        Meta(description="What --rules selected; empty if the whole specification was judged."),
    ] = ""
    not_judged: Annotated[
        tuple[RuleId, ...], Meta(description="Rules that the run ended without judging.")
    ] = ()
    environment: EnvironmentEntry
    seed: Annotated[
        int, Meta(description="The seed of every draw; the same seed gives the same cases.")
    ]
    profile: Annotated[ProfileName, Meta(description="How many cases were judged.")]
    verdict: Annotated[
        Verdict,
        Meta(
            description="conformant: every judged rule holds; nonconformant: at least one does "
            "not; error: the run did not finish and no rule had failed."
        ),
    ]
    reason: Annotated[str, Meta(description="Why the run did not finish, or empty.")]
    notes: Annotated[
        tuple[str, ...], Meta(description="What a person should also know, a line each.")
    ]
    seconds: Annotated[
        float,
        Meta(
            ge=0,
            description="How long the run took by the clock; several rules may be judged at once.",
        ),
    ] = 0.0
    rules: Annotated[
        tuple[RuleEntry, ...],
        Meta(description="One entry a rule, in the order of the specification."),
    ]
