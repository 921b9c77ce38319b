"""Compiled programs kept between runs, so that a second run compiles almost nothing.

The cache is JAX's own, and its keys are JAX's: programs, versions and flags. Here it is only told
where to keep it. A person who has set ``JAX_COMPILATION_CACHE_DIR`` keeps their own settings, and
``JAX_ENABLE_COMPILATION_CACHE=false`` does without.
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
"""Bytes beyond which the cache is emptied: a run of all rules keeps about one percent of it."""

_PLACE = "JAX_COMPILATION_CACHE_DIR"
_SWITCH = "JAX_ENABLE_COMPILATION_CACHE"


@dataclass(frozen=True)
class Usage:
    """What is kept: how many programs, and their size in bytes."""

    programs: int
    bytes: int


def directory() -> Path:
    """Where programs are kept: one place a machine, since they are compiled for its processor."""
    return user_cache_path("foricheck") / "compiled" / (node() or "here")


def elsewhere() -> str:
    """Why nothing is kept in `directory`, or ``""``: the person's own settings of JAX."""
    if place := os.environ.get(_PLACE):
        return f"JAX keeps compiled programs in {place} ({_PLACE}), which is left to you"
    if os.environ.get(_SWITCH, "").lower() in ("0", "false", "off", "no", "n", "f"):
        return f"no compiled program is kept ({_SWITCH} is off)"
    return ""


def enable() -> None:
    """Have JAX keep every program; before JAX is imported.

    Nothing is kept where the directory cannot be made.
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
    # A full disk: what cannot be kept is compiled again, and the verdict is the same.
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")
    bound()


def bound() -> None:
    """Empty the cache if it has grown beyond `LIMIT`; what cannot be removed stays.

    The directory stays, since other runs may be writing to it.
    """
    if os.environ.get(_PLACE) != str(directory()) or usage().bytes <= LIMIT:
        return
    for file in directory().iterdir():
        with suppress(OSError):
            file.unlink()


def usage() -> Usage:
    """How much is kept."""
    sizes = [_size(file) for file in directory().glob("*-cache")]
    return Usage(len(sizes), sum(sizes))


def clear() -> Usage:
    """Remove what is kept, and tell how much it was.

    Raises:
        OSError: something cannot be removed.
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
