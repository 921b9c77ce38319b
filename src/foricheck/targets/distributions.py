"""Which versions of which distributions a target is of."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import metadata

from foricheck import environment

__all__ = ["versions"]


def versions(modules: Iterable[str]) -> dict[str, str]:
    """The versions of the installed distributions that provide the modules, by their names."""
    tops = dict.fromkeys(name.partition(".")[0] for name in modules)
    found = (distribution for top in tops for distribution in _providing(top))
    return {distribution: environment.version(distribution) for distribution in found}


def _providing(top: str) -> list[str]:
    """The distributions of a top-level module: mostly one of the same name."""
    if not top or top in sys.stdlib_module_names:
        return []
    if environment.version(top) != "unknown":
        return [top]
    return sorted(set(metadata.packages_distributions().get(top, ())))
