"""Short names of targets, for addresses and column heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count

__all__ = ["anchors", "short"]

_LONGEST = 80
# Punctuation that an address should not contain, with its surroundings.
_UNSAFE = re.compile(r"[-_.]*[^A-Za-z0-9_.-]+[^A-Za-z0-9]*")
_LIKE_A_CELL = re.compile(r"(^|-)[A-Z]+-[0-9]+$")


def anchors(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each target that is valid in addresses and file names: ``keras-openvino``.

    The names are unique even on file systems that ignore case. None is ``taken``, and none looks
    like a cell's address, such as ``keras-ITER-01``.
    """
    used = {name.casefold() for name in taken}
    given = []
    for name in names:
        anchor = _free(_slug(name), used)
        used.add(anchor.casefold())
        given.append(anchor)
    return given


def short(names: Sequence[str]) -> list[str]:
    """The names without their modules, where they are still unique."""
    tails = [name.rpartition(":")[2].strip() for name in names]
    times = Counter(tails)
    pairs = zip(names, tails, strict=True)
    return [tail if tail and times[tail] == 1 else name for name, tail in pairs]


def _slug(name: str) -> str:
    return _UNSAFE.sub("-", name)[:_LONGEST].strip("-.") or "target"


def _free(slug: str, used: set[str]) -> str:
    numbered = (f"{slug}_{n}" if n > 1 else slug for n in count(1))
    return next(name for name in numbered if _is_free(name, used))


def _is_free(name: str, used: set[str]) -> bool:
    return name.casefold() not in used and not _LIKE_A_CELL.search(name)
