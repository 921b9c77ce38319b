"""A failure as reports print it and replays run it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Failure", "identify"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A broken rule, told whole.

    Attributes:
        id: what ``foricheck replay`` takes.
        rule: the rule's id.
        sentence: what the rule says.
        variant: the variant, as text.
        case: the minimal case, as text.
        path: where expected and got first differ.
        expected: as text.
        got: as text.
        why: what kind of difference it is.
        ratio: error divided by error bound, where there is a bound.
        script: lines that need only the target: Python, or a shell's for a harness.
        data: the case's exact JSON form.
    """

    id: str
    rule: str
    sentence: str
    variant: str
    case: str
    path: str
    expected: str
    got: str
    why: str
    ratio: float | None
    script: str
    data: dict[str, Any] = field(repr=False)


def identify(rule: str, target: str, variant: str, data: dict[str, Any]) -> str:
    """The id of a failure: the same case of the same target always has the same."""
    text = json.dumps([rule, target, variant, data], sort_keys=True)
    return f"{rule}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
