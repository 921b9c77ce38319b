"""The versions that distinguish targets."""

from __future__ import annotations

import re

from foricheck.judging.environment import PACKAGES
from foricheck.judging.events import Header

__all__ = ["own", "text"]

_COMMON = frozenset({"python", *PACKAGES})


def own(header: Header) -> dict[str, str]:
    """The versions of the target's library, and of the array library it is given."""
    versions = header.environment.versions
    named = {*re.findall(r"[a-z0-9]+", header.target), header.array_namespace}
    library = {name: versions[name] for name in versions if name not in _COMMON}
    return library | {name: versions[name] for name in versions if name in named}


def text(versions: dict[str, str]) -> str:
    """``jax 0.12.0, numpy 2.5.5``."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())
