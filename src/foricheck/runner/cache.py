"""Compiled programs stored between runs, so that a second run compiles almost nothing.

This is JAX's own cache, with JAX's keys: programs, versions and flags. This module only sets its
directory. A person's own ``JAX_COMPILATION_CACHE_DIR`` takes precedence, and
``JAX_ENABLE_COMPILATION_CACHE=false`` disables the cache.
"""

from __future__ import annotations

import os
import shutil
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from platform import node

from platformdirs import user_cache_path

__all__ = ["LIMIT", "Usage", "bound", "clear", "directory", "elsewhere", "enable", "usage"]

LIMIT = 512 * 2**20
"""Bytes beyond which the cache is emptied; a run of all rules stores about one percent of it."""

_PLACE = "JAX_COMPILATION_CACHE_DIR"
_SWITCH = "JAX_ENABLE_COMPILATION_CACHE"


@dataclass(frozen=True)
class Usage:
    """The contents of the cache: the number of programs, and their size in bytes."""

    programs: int
    bytes: int


def directory() -> Path:
    """The directory: one for each machine, since programs are compiled for its processor."""
    return user_cache_path("foricheck") / "compiled" / (node() or "here")


def elsewhere() -> str:
    """The setting of JAX for which `directory` is not used, in words, or ``""``."""
    if place := os.environ.get(_PLACE):
        return f"JAX keeps compiled programs in {place} ({_PLACE}), which is left to you"
    if os.environ.get(_SWITCH, "").lower() in ("0", "false", "off", "no", "n", "f"):
        return f"no compiled program is kept ({_SWITCH} is off)"
    return ""


def enable() -> None:
    """Make JAX store every program; call it before JAX is imported.

    Without effect if the directory cannot be created.
    """
    if _PLACE in os.environ:
        return
    try:
        directory().mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    os.environ[_PLACE] = str(directory())
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"
    # On a full disk, programs are compiled again, and the verdict is the same.
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")
    bound()


def bound() -> None:
    """Empty the cache if it has grown beyond `LIMIT`, as far as its files can be removed.

    The directory stays, since other runs may write to it.
    """
    if os.environ.get(_PLACE) != str(directory()) or usage().bytes <= LIMIT:
        return
    for file in directory().iterdir():
        with suppress(OSError):
            file.unlink()


def usage() -> Usage:
    """The size of the cache."""
    sizes = [_size(file) for file in directory().glob("*-cache")]
    return Usage(len(sizes), sum(sizes))


def clear() -> Usage:
    """Remove the stored programs, and return how many there were.

    Raises:
        OSError: a file cannot be removed.
    """
    freed = usage()
    if directory().is_dir():
        shutil.rmtree(directory())
    return freed


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # another run has just cleared the cache
        return 0
