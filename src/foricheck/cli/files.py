"""Write to a destination that a person named: a file, a device, or ``-`` for standard output.

A file is replaced atomically, so that an interrupted write or a full disk leaves the old one
intact.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from foricheck.errors import RequestError

__all__ = ["STDOUT", "check", "is_replaceable", "resolved", "write", "write_all"]

STDOUT = "-"


def resolved(destination: str) -> Path | None:
    """The path, with links resolved, or None for standard output."""
    return None if destination == STDOUT else Path(os.path.realpath(destination))


def check(destination: str) -> None:
    """Check that a destination could be written, without touching it.

    Raises:
        OSError: it could not.
    """
    path = resolved(destination)
    if path is None:
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if is_replaceable(path):
        beside = _beside(path)
        beside.touch(exist_ok=False)
        beside.unlink()


def write(destination: str, text: str) -> None:
    """Write text in UTF-8.

    Raises:
        OSError: it cannot be written.
    """
    path, data = resolved(destination), text.encode("utf-8")
    if path is None:
        _print(data)
    elif is_replaceable(path):
        _replace(path, data)
    else:
        path.write_bytes(data)


def write_all(directory: Path, contents: Mapping[str, str], *, option: str) -> None:
    """Write several files of text, each with its path in the directory.

    Args:
        directory: made if it is missing.
        contents: the text of each file by its path.
        option: that named the directory, for the message.

    Raises:
        RequestError: a file cannot be written.
    """
    for name, text in contents.items():
        path = directory / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(str(path), text)
        except OSError as error:
            trouble = error.strerror or str(error)
            raise RequestError(f"{option}: cannot write {path}: {trouble}") from error


def is_replaceable(path: Path) -> bool:
    """Whether a new file may replace the path: a device or a named pipe stays."""
    return path.is_file() or not path.exists()


def _print(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _replace(path: Path, data: bytes) -> None:
    beside = _beside(path)
    try:
        beside.write_bytes(data)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """The name of the temporary file, in the same directory so that replacing is atomic."""
    return path.with_name(f".{path.name}.{os.getpid()}.partial")
