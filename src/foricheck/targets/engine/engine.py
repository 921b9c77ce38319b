"""What an engine is: something that takes a program exported from JAX, and runs it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.comparison.violations import Unsupported
from foricheck.errors import RequestError
from foricheck.targets import distributions

__all__ = ["Engine", "OnEngine", "Program", "engine_of"]

_WORDS = 160
"""How many characters of a message are told."""

Program = Callable[..., list[Array]]
"""A compiled program: from NumPy arrays, the leaves of its arguments, to those of its result."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Something that runs programs exported from JAX.

    Attributes:
        name: what it is called.
        modules: what has to be importable for it, by the names of the modules.
        extra: the extra of foricheck that installs them; empty where it needs none.
        convert: from a function of arrays, over JAX, and examples of its arguments, to a program.
            The function returns a list of arrays. Imports stand inside, and nothing outside is
            used: its source is part of the script that shows a failure.
        lanes: how many body programs go through one call, as data of one compiled interpreter; 1
            where that cannot be converted, so that each is a program of its own.
        branches: whether the interpreter may choose an instruction by a branch; otherwise it does
            them all, and selects.
        draws: whether random numbers can be converted; otherwise the seed of a recurrence is no
            input of its program, and the weights are constants there.
        longest: the longest loop that ends soon enough, in trips.
        widest: the largest hidden size of a recurrence that does.
    """

    name: str
    modules: tuple[str, ...]
    convert: Callable[..., Program]
    extra: str = ""
    lanes: int = 1
    branches: bool = True
    draws: bool = True
    max_trips: int = 2**9
    max_hidden: int = 64

    @property
    def source(self) -> str:
        """The source of ``convert``."""
        return inspect.getsource(self.convert)

    def must_run(self) -> None:
        """Nothing, if it is installed and runs a first program: the first takes much longer.

        Raises:
            RequestError: it is not, or does not.
        """
        missing = [name for name in self.modules if not distributions.can_be_imported(name)]
        if missing:
            told = f"{self.name} needs {' and '.join(missing)}, which cannot be imported"
            hint = f": pip install 'foricheck[{self.extra}]'" if self.extra else ""
            raise RequestError(told + hint)
        try:
            self.convert(lambda x: [x + x], np.float32(1))(np.float32(1))
        except Exception as error:
            raise RequestError(f"{self.name} does not run here: {_told(error)}") from error

    def compile(self, function: Callable[..., list[Any]], *examples: Any) -> Program:
        """The function as a program of this engine.

        Args:
            function: over JAX; it can be traced with these examples.
            examples: arrays, or Python's numbers.

        Raises:
            Unsupported: the engine, or what converts programs for it, does not take this one.
        """
        try:
            return self.convert(function, *examples)
        except Exception as error:
            raise Unsupported(f"{self.name} does not take its programs: {_told(error)}") from error


@dataclass(frozen=True)
class OnEngine:
    """A callable over JAX, with the engine that is to run what is exported of it.

    Attributes:
        function: the callable; calls go to it, so that it can be traced.
        engine: what runs the exported program.
    """

    function: Callable[..., Any]
    engine: Engine

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """As the function."""
        return self.function(*arguments, **keywords)


def engine_of(function: Callable[..., Any]) -> Engine:
    """The engine that is to run a callable of a target of the namespace ``engine``."""
    assert isinstance(function, OnEngine)
    return function.engine


def _told(error: Exception) -> str:
    """What went wrong, in one line: a compiler's first error, if it is a compiler's output."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    first = errors[0] if errors else ": ".join(lines[:2]) or "(no message)"
    return f"{type(error).__name__}: {first[:_WORDS]}"
