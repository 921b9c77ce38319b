"""A violation as plain text, for places that have no terminal of ours, such as pytest."""

from __future__ import annotations

from foricheck.evidence import Violation
from foricheck.rules.rule import Rule
from foricheck.script import describe, script
from foricheck.targets.target import Target
from foricheck.ways import Way

__all__ = ["tell"]


def tell(target: Target, rule: Rule, way: Way, violation: Violation) -> str:
    """What a broken rule says: sentence, way, minimal case, expected and got, and a script."""
    found = violation.difference
    return "\n".join(
        [
            f"{rule.id} ({rule.binding.value}): {rule.sentence}",
            "",
            f"called    {way}",
            f"case      {describe(violation.case)}",
            f"at        {found.path or 'the result'} ({found.why})",
            f"expected  {found.expected}",
            f"got       {found.got}",
            "",
            "To see it happen:",
            "",
            script(target, rule, way, violation.case),
        ]
    )
