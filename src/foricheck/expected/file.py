"""The file of expected failures, for ``--expect-failures``.

TOML, one table per rule::

    [BOUND-02]
    category = "not yet"
    reason = "bounds are int32 only"
    issue = "https://example.org/issues/7"

``category`` is ``not implemented``, ``not yet`` or ``never``; ``issue`` may be left out.

An entry is strict: if its rule passes, the run fails with ``xpassed``. An entry that has no effect
gives a warning. A rule that is expected to fail is judged up to its first violation, which is not
shrunk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foricheck.documents.reading import load_toml
from foricheck.errors import RequestError

__all__ = ["CATEGORIES", "read", "split"]

CATEGORIES = ("not implemented", "not yet", "never")
_KEYS = ("category", "reason", "issue")


def read(path: Path) -> dict[str, str]:
    """The reasons by rule id, each with its category and issue.

    Raises:
        RequestError: the file cannot be read, is not TOML, or an entry is not as described above.
    """
    return {rule: _reason(f"{path}: {rule}", entry) for rule, entry in load_toml(path).items()}


def split(reason: str) -> tuple[str, str] | None:
    """The category, and the reason with its issue, of a reason from `read`; None for any other."""
    category, colon, rest = reason.partition(": ")
    return (category, rest) if colon and category in CATEGORIES else None


def _reason(place: str, entry: Any) -> str:
    if not isinstance(entry, dict):
        raise RequestError(f"{place}: expected a table with category and reason, got {entry!r}")
    for key in entry:
        if key not in _KEYS:
            raise RequestError(f"{place}.{key}: no such key; the keys are {', '.join(_KEYS)}")
    category = _text(place, entry, "category")
    if category not in CATEGORIES:
        known = ", ".join(repr(name) for name in CATEGORIES)
        raise RequestError(f"{place}.category: {category!r} is not one of {known}")
    reason = f"{category}: {_text(place, entry, 'reason')}"
    return f"{reason} ({_text(place, entry, 'issue')})" if "issue" in entry else reason


def _text(place: str, entry: dict[str, Any], key: str) -> str:
    if key not in entry:
        raise RequestError(f"{place}.{key}: missing")
    text = entry[key]
    if not isinstance(text, str) or not text.strip():
        raise RequestError(f"{place}.{key}: expected text, got {text!r}")
    return text.strip()
