"""The declaration of the protocol, version 1: the messages, and the cases and results in them.

``conformance/schemas/wire-1.json`` and ``case-1.json`` are made of it. Cases are written in
`foricheck.targets.wire.cases`, answers are read in `foricheck.targets.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from foricheck.cases.arrays import Bound, Encoded

__all__ = ["CAPABILITIES", "MESSAGES", "PROTOCOL", "Case", "HelloAnswer", "HelloMessage", "Loop"]
__all__ += ["Recurrence", "ResultEntry", "ResultsAnswer", "RunMessage"]

PROTOCOL = 1
"""The version of the protocol."""

Kind = Literal["loop", "recurrence"]
Capability = Literal["nested", "permute"]

CAPABILITIES: dict[Capability, str] = {
    "nested": "bodies that run a program in a loop from 0 to the index",
    "permute": "bodies that permute the leaves of a carry, which may be many and of any dtype",
}
"""The capabilities that a harness can declare."""

Instruction = Annotated[
    tuple[
        Literal[
            "copy", "add", "sub", "mul", "and", "or", "xor", "min", "max",
            "put", "get", "roll", "scan", "swap",
        ],
        Annotated[int, Meta(ge=0, le=3)],
        Annotated[int, Meta(ge=0, le=5)],
        Annotated[int, Meta(ge=0, le=5)],
        Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)],
    ],
    Meta(
        description="[op, dst, a, b, k]: dst is a register; a and b are registers 0 to 3, 4 for "
        "the loop index, 5 for the constant k."
    ),
]  # fmt: skip
Leaves = Annotated[
    tuple[Encoded, ...],
    Meta(description="A carry: the arrays that go from one iteration to the next."),
]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """What one iteration does: a program over one leaf int32[4, 8], or a permutation of leaves."""

    registers: (
        Annotated[
            tuple[Instruction, ...], Meta(description="A program over one leaf, int32[4, 8].")
        ]
        | UnsetType
    ) = UNSET
    nested: (
        Annotated[
            bool,
            Meta(
                description="Whether each iteration loops over the program from 0 to its index.",
                extra_json_schema={"const": True},
            ),
        ]
        | UnsetType
    ) = UNSET
    permute: (
        Annotated[
            tuple[Annotated[int, Meta(ge=0)], ...],
            Meta(description="Leaf j becomes what leaf permute[j] was."),
        ]
        | UnsetType
    ) = UNSET


_ONE_FORM = Meta(
    extra_json_schema={
        "oneOf": [
            {"required": ["registers"]},
            {"required": ["permute"], "properties": {"nested": False}},
        ]
    }
)


class Loop(Struct, frozen=True, tag_field="kind", tag="loop", forbid_unknown_fields=True):
    """A loop: its bounds, its body and its carry."""

    lower: Encoded
    upper: Encoded
    body: Annotated[Body, _ONE_FORM]
    carry: Leaves


class Recurrence(
    Struct, frozen=True, tag_field="kind", tag="recurrence", forbid_unknown_fields=True
):
    """A recurrence: seed, x, hidden and T."""

    seed: Encoded
    x: Encoded
    hidden: Annotated[int, Meta(ge=1)]
    T: Encoded


Case = Loop | Recurrence

Version = Annotated[Literal[1], Meta(description="The version of this protocol.")]
Id = Annotated[
    int,
    Meta(
        ge=0,
        le=2**53 - 1,
        description="The id of a run, which its results give back; the greatest is 2**53 - 1.",
    ),
]
OneLine = Annotated[str, Meta(max_length=100, description="Of the implementation, one line.")]
AnyDtypes = Annotated[
    tuple[Bound, ...],
    Meta(
        description="The dtypes that the bounds of a loop may have, int32 among them.",
        extra_json_schema={"contains": {"const": "int32"}},
    ),
]


class HelloMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first message, from foricheck."""

    type: Literal["hello"]
    protocol: Version


class HelloAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to hello: the harness describes the implementation and itself."""

    type: Literal["hello"]
    protocol: Version
    name: OneLine
    version: OneLine
    kinds: Annotated[
        tuple[Kind, ...],
        Meta(
            min_length=1,
            description="What it claims to be: fori_loop, fori_loop_recurrence, or both.",
        ),
    ]
    dtypes: AnyDtypes
    capabilities: Annotated[
        tuple[Capability, ...],
        Meta(description=" ".join(f"{name}: {text}." for name, text in CAPABILITIES.items())),
    ]
    max_cases: (
        Annotated[
            int, Meta(ge=1, description="The most cases that a message may have; 256 if absent.")
        ]
        | UnsetType
    ) = UNSET
    max_trips: (
        Annotated[
            int,
            Meta(
                ge=1,
                description="The longest trip count, upper - lower or T, that it runs in "
                "acceptable time; longer cases are left out.",
            ),
        ]
        | UnsetType
    ) = UNSET

    def __post_init__(self) -> None:
        if "int32" not in self.dtypes:
            raise ValueError("dtypes without int32")
        for key in ("name", "version"):
            if len(getattr(self, key).splitlines()) > 1:
                raise ValueError(f"a {key} of more than one line")


class RunMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cases to run, in their order, from foricheck."""

    type: Literal["run"]
    id: Id
    cases: tuple[Case, ...]


class ResultEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """The result of one case: exactly one of these."""

    value: (
        Annotated[
            tuple[Encoded, ...],
            Meta(
                description="The carry at the end; of a recurrence, a list of the one final state."
            ),
        ]
        | UnsetType
    ) = UNSET
    refused: (
        Annotated[
            str,
            Meta(description="The implementation raised an error on purpose, with this message."),
        ]
        | UnsetType
    ) = UNSET
    unsupported: (
        Annotated[
            str,
            Meta(
                description="The harness cannot put this case to the implementation, for this "
                "reason; the case is left out, and a rule with no other case is skipped."
            ),
        ]
        | UnsetType
    ) = UNSET
    crashed: (
        Annotated[
            str, Meta(description="The implementation failed in a way that it does not on purpose.")
        ]
        | UnsetType
    ) = UNSET

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not UNSET]
        if len(given) != 1:
            names = ", ".join(self.__struct_fields__)
            raise ValueError(f"a result has one of {names}, not {' and '.join(given) or 'none'}")


_ONE_MEMBER = Meta(extra_json_schema={"minProperties": 1, "maxProperties": 1})


class ResultsAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to run: one result a case, in the order of the cases."""

    type: Literal["results"]
    id: Id
    results: tuple[Annotated[ResultEntry, _ONE_MEMBER], ...]


MESSAGES = (HelloMessage, HelloAnswer, RunMessage, ResultsAnswer)
