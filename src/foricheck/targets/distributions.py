"""The installed distributions behind a target, and their versions."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec

__all__ = ["can_be_imported", "version", "versions"]


def can_be_imported(module: str) -> bool:
    """Whether a module of this name exists; the packages around it are imported."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it does not exist either
        return False


def version(package: str) -> str:
    """The version of a package, ``unknown`` if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from a source tree
        return "unknown"


def versions(modules: Iterable[str]) -> dict[str, str]:
    """The versions of the installed distributions that provide the modules, by their names."""
    tops = dict.fromkeys(name.partition(".")[0] for name in modules)
    found = (distribution for top in tops for distribution in _providing(top))
    return {distribution: version(distribution) for distribution in found}


def _providing(top: str) -> list[str]:
    """The distributions of a top-level module: mostly one of the same name."""
    if not top or top in sys.stdlib_module_names:
        return []
    if version(top) != "unknown":
        return [top]
    return sorted(set(metadata.packages_distributions().get(top, ())))
