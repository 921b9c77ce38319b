"""Find the target of a name, if its requirements are installed."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from foricheck import conformance
from foricheck.conformance.targets import ADAPTERS, Adapter
from foricheck.errors import RequestError, did_you_mean
from foricheck.targets import distributions

__all__ = ["install", "missing", "named", "place"]


def named(name: str) -> Adapter:
    """The adapter of this name, if it can run here.

    Raises:
        RequestError: the name is unknown, or a requirement is not installed.
    """
    if name not in ADAPTERS:
        raise RequestError(_unknown(name))
    adapter = ADAPTERS[name]
    if lacking := missing(adapter):
        verb = "is" if len(lacking) == 1 else "are"
        raise RequestError(
            f"{name} needs {' and '.join(lacking)}, which {verb} not installed"
            + (f": {install(adapter)}" if install(adapter) else "")
        )
    return adapter


def place(adapter: Adapter) -> str:
    """The place of the target, in the form that ``foricheck run`` takes."""
    (directory,) = conformance.__path__
    place = adapter.place.replace("{conformance}", shlex.quote(str(Path(directory).resolve())))
    return place.replace("{python}", shlex.quote(sys.executable))


def missing(adapter: Adapter) -> list[str]:
    """The packages and programs that it needs and that are missing."""
    packages = [name for name in adapter.packages if not distributions.can_be_imported(name)]
    return packages + [name for name in adapter.tools if shutil.which(name) is None]


def install(adapter: Adapter) -> str:
    """The command that installs its packages; ``""`` if it needs none."""
    return f"pip install 'foricheck[{adapter.extra}]'" if adapter.extra else ""


def _unknown(name: str) -> str:
    return (
        f"no target is named {name!r}{did_you_mean(name, ADAPTERS) or ';'} "
        "`foricheck targets` lists those that have a name, "
        "any other is module:attribute or path/to/file.py:attribute"
    )
