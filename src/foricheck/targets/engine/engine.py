"""An engine: it takes a program exported from JAX, and runs it."""

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
"""How many characters of a message are shown."""

Program = Callable[..., list[Array]]
"""A compiled program: it maps the leaves of its arguments to those of its result."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine that runs programs exported from JAX.

    Attributes:
        name: of the engine.
        modules: the names of the modules that it needs.
        extra: the extra of foricheck that installs them; ``""`` if it needs none.
        convert: makes a program of a function over JAX arrays and examples of its arguments.
            The function returns a list of arrays. ``convert`` contains its imports and uses
            nothing from outside: its source is part of the script that reproduces a failure.
        lanes: how many body programs go through one call, as data of one compiled interpreter; 1
            where that cannot be converted, so that each becomes a separate program.
        branches: whether the interpreter may choose an instruction by a branch; otherwise it does
            all of them, and selects.
        draws: whether random numbers can be converted; otherwise the seed of a recurrence is no
            input of its program, and the weights are constants there.
        max_trips: the longest loop that finishes in acceptable time, in trips.
        max_hidden: the largest hidden size of a recurrence that does.
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
        """Check that it is installed, and run a first program, which takes much longer than others.

        Raises:
            RequestError: it is not installed, or the program fails.
        """
        missing = [name for name in self.modules if not distributions.can_be_imported(name)]
        if missing:
            message = f"{self.name} needs {' and '.join(missing)}, which cannot be imported"
            hint = f": pip install 'foricheck[{self.extra}]'" if self.extra else ""
            raise RequestError(message + hint)
        try:
            self.convert(lambda x: [x + x], np.float32(1))(np.float32(1))
        except Exception as error:
            raise RequestError(f"{self.name} does not run here: {_told(error)}") from error

    def compile(self, function: Callable[..., list[Any]], *examples: Any) -> Program:
        """The function as a program of this engine.

        Args:
            function: over JAX arrays; it can be traced with these examples.
            examples: arrays or Python numbers.

        Raises:
            Unsupported: the engine, or the converter for it, does not accept it.
        """
        try:
            return self.convert(function, *examples)
        except Exception as error:
            raise Unsupported(f"{self.name} does not take its programs: {_told(error)}") from error


@dataclass(frozen=True)
class OnEngine:
    """A callable over JAX arrays, with the engine that runs its exported programs.

    Attributes:
        function: the callable; calls go to it, so that it can be traced.
        engine: runs the exported programs.
    """

    function: Callable[..., Any]
    engine: Engine

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the function."""
        return self.function(*arguments, **keywords)


def engine_of(function: Callable[..., Any]) -> Engine:
    """The engine of a callable of a target of the namespace ``engine``."""
    assert isinstance(function, OnEngine)
    return function.engine


def _told(error: Exception) -> str:
    """An error in one line: the compiler's first one, if it is the output of a compiler."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    first = errors[0] if errors else ": ".join(lines[:2]) or "(no message)"
    return f"{type(error).__name__}: {first[:_WORDS]}"
