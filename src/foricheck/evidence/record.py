"""A failed case with its target, as data from which ``foricheck replay`` runs it again."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from foricheck.evidence.failure import Failure
from foricheck.targets.spec import TargetSpec

__all__ = ["Record"]


class Record(Struct, frozen=True, kw_only=True, rename={"variant": "way", "spec": "request"}):
    """One failed case. In JSON, ``variant`` is called ``way``, and ``spec`` ``request``.

    Attributes:
        id: the failure's id.
        rule: the id of the rule that it breaks.
        variant: the variant, as text.
        data: the case's exact JSON form.
        spec: the target.
        why: the kind of difference; empty in a record of an older version.
    """

    id: str
    rule: str
    variant: str
    data: dict[str, Any]
    spec: TargetSpec
    why: str = ""

    @classmethod
    def of(cls, failure: Failure, spec: TargetSpec) -> Record:
        """The record of a failure of a target."""
        return cls(
            id=failure.id,
            rule=failure.rule,
            variant=failure.variant,
            data=failure.data,
            spec=spec,
            why=failure.why,
        )
