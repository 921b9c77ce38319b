"""The reports named on the command line: ``FILE``, ``NAME=FILE`` or a directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from foricheck.errors import RequestError
from foricheck.matrix.collecting import Named
from foricheck.report.reading import read

__all__ = ["gather"]


def gather(arguments: Iterable[str]) -> tuple[Named, ...]:
    """The reports in the order given; those of a directory in the order of their file names.

    Raises:
        RequestError: a report cannot be read, or a directory contains none.
    """
    return tuple(named for argument in arguments for named in _named(argument))


def _named(argument: str) -> Iterator[Named]:
    name, path = _split(argument)
    if not path.is_dir():
        yield _read(path, name)
    elif name:
        raise RequestError(f"{path}: a directory; only one report can have a name")
    else:
        yield from map(_read, _inside(path))


def _split(argument: str) -> tuple[str, Path]:
    """The name, or ``""``, and the file, whose own name may contain ``=``."""
    name, equals, path = argument.partition("=")
    if not equals or Path(argument).exists():
        return "", Path(argument)
    if not name.strip() or not path:
        raise RequestError(f"{argument!r} is neither a file nor NAME=FILE")
    return name.strip(), Path(path)


def _inside(directory: Path) -> list[Path]:
    try:
        found = sorted(path for path in directory.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise RequestError(f"{directory}: {error.strerror}") from error
    if not found:
        raise RequestError(f"{directory}: no .json file in this directory")
    return found


def _read(path: Path, name: str = "") -> Named:
    report = read(path)
    return Named(name=name or report.header.target, origin=str(path), report=report)
