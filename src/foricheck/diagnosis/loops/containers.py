"""What a loop does to the containers of a carry whose leaves are right."""

from __future__ import annotations

from typing import Any

from foricheck.comparison.trees import children

__all__ = ["of_containers"]


def of_containers(expected: Any, got: Any, path: str = "") -> str:
    """Which container is another one, as a sentence, or ``""``.

    Args:
        expected: the right carry.
        got: what came back, with the same leaves in the same order.
        path: where in the carry the two stand.
    """
    one, other = type(expected).__name__, type(got).__name__
    if type(expected) is not type(got):
        at = f"The container {path}" if path else "The container of the carry"
        return f"{at} changes: a {other} comes back, not a {one}; the leaves are right."
    parts, back = children(expected) or [], children(got) or []
    if [key for key, _ in parts] != [key for key, _ in back]:
        at = f"the {one} {path}" if path else f"the {one}"
        return f"The parts of {at} change; the leaves are right."
    pairs = [(key, a, b) for (key, a), (_, b) in zip(parts, back, strict=True)]
    inside = (of_containers(a, b, path + key) for key, a, b in pairs if children(a) is not None)
    return next(filter(None, inside), "")
