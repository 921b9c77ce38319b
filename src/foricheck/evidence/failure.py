"""The failure record that reports print and replays run again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Failure", "identify"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The full record of a broken rule.

    Attributes:
        id: the argument of ``foricheck replay``.
        rule: the rule's id.
        sentence: the rule's sentence.
        variant: the variant, as text.
        case: the minimal case, as text.
        path: where expected and got first differ.
        expected: the expected value, as text.
        got: the target's value, as text.
        why: the kind of difference.
        ratio: error divided by error bound, or None without a bound.
        script: a script that needs only the target: Python, or shell commands for a harness.
        data: the case's exact JSON form.
        diagnosis: the cause in words, or ``""`` where it is not known.
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
    diagnosis: str = ""


def identify(rule: str, target: str, variant: str, data: dict[str, Any]) -> str:
    """The id of a failure, the same whenever this case fails for this target and variant."""
    text = json.dumps([rule, target, variant, data], sort_keys=True)
    return f"{rule}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
