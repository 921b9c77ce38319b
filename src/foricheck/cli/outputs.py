"""The reports that a run writes, each in a format to a destination."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foricheck.cli import files
from foricheck.cli.status import complain
from foricheck.errors import RequestError

__all__ = ["Output", "check", "to_stdout", "write"]


@dataclass(frozen=True)
class Output:
    """One report to write.

    Attributes:
        format: ``json``, ``html``, ``junit``, ``badge``, ``expected`` or ``markdown``.
        destination: a path, or ``-`` for standard output.
        renderers: the package that has a module ``<format>``, with a function ``render``.
        named: the name of its option, where it differs from the format.
    """

    format: str
    destination: str
    renderers: str = "foricheck.report"
    named: str = ""

    @property
    def option(self) -> str:
        """The option, as it is typed."""
        return f"--{self.named or self.format}"

    @property
    def is_stdout(self) -> bool:
        """Whether it goes to standard output."""
        return self.destination == files.STDOUT

    @property
    def is_file(self) -> bool:
        """Whether it goes to a file, which can be replaced."""
        path = files.resolved(self.destination)
        return path is not None and files.is_replaceable(path)

    def check(self) -> None:
        """Check that the report could be written.

        Raises:
            RequestError: it could not be.
        """
        with self._one_line():
            files.check(self.destination)

    def write(self, report: Any) -> None:
        """Render the report and write it.

        Raises:
            RequestError: it cannot be written.
        """
        renderer = importlib.import_module(f"{self.renderers}.{self.format}")
        with self._one_line():
            files.write(self.destination, renderer.render(report, **self._around()))

    def _around(self) -> dict[str, Any]:
        """What a format needs to know of its destination: a page leads to pages beside it."""
        from foricheck.report import rule_pages

        if self.format != "html":
            return {}
        path = files.resolved(self.destination)
        return {"pages": rule_pages.pages(path and path.parent)}

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        place = "standard output" if self.is_stdout else self.destination
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            trouble = error.strerror or str(error)
            raise RequestError(f"{self.option}: cannot write {place}: {trouble}") from error


def to_stdout(outputs: Sequence[Output]) -> bool:
    """Whether one of the outputs takes standard output."""
    return any(output.is_stdout for output in outputs)


def check(outputs: Sequence[Output]) -> None:
    """Check that every output could be written.

    Raises:
        RequestError: one could not be, or two have the same destination.
    """
    taken: dict[Path | None, Output] = {}
    for output in outputs:
        other = taken.setdefault(files.resolved(output.destination), output)
        if other is not output:
            both = f"{other.option} and {output.option}"
            raise RequestError(f"{both} cannot both write to {output.destination}")
        output.check()


def write(outputs: Sequence[Output], report: Any) -> bool:
    """Write every output; return whether all could be, with a line on standard error otherwise."""
    written = True
    for output in outputs:
        try:
            output.write(report)
        except RequestError as error:
            complain(str(error))
            written = False
    return written
