"""Generated mutants of the bundled recurrence and of a loop in Python, each loaded by its name.

``foricheck run foricheck.conformance.zoo.mutants:width__lt_to_lte`` judges one. They are made
by `foricheck.zoo.mutation`; those that no rule can distinguish from the original are in
`.equivalents`, each with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from foricheck.zoo import mutation

from .equivalents import equivalents
from .member import Kind

__all__ = ["SOURCES", "Generated", "Source", "mutants"]


@dataclass(frozen=True)
class Source:
    """A right implementation of which mutants are made.

    Attributes:
        module: where it is.
        function: its name; what it reaches in its module is changed.
        kind: what it is.
        order: chapters or rules by which its mutants are judged first: those that kill fast.
    """

    module: str
    function: str
    kind: Kind
    order: tuple[str, ...]

    @property
    def original(self) -> str:
        """The original, as ``foricheck run`` takes it."""
        return f"{self.module}:{self.function}"

    def tree(self) -> ast.Module:
        """The syntax tree of its module, without the decorator that makes functions members."""
        package, _, name = self.module.rpartition(".")
        tree = ast.parse((resources.files(package) / f"{name}.py").read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                kept = (each for each in node.decorator_list if ast.unparse(each) != "right")
                node.decorator_list = list(kept)
        return tree


@dataclass(frozen=True)
class Generated:
    """A mutant as a member of the zoo.

    Attributes:
        name: of the mutant.
        kind: what it claims to be.
        path: ``module:attribute``, as ``foricheck run`` takes it.
        story: what was changed into what.
        source: what it is a mutant of.
        equivalent: why no rule can distinguish it from the original, or ``""``.
    """

    name: str
    kind: Kind
    path: str
    story: str
    source: Source
    equivalent: str


SOURCES = (
    Source(
        module="foricheck.reference",
        function="fori_loop_recurrence",
        kind="recurrence",
        order=("REC-07", "REC-14", "REC-05", "REC-13", "REC-03"),
    ),
    Source(
        module="foricheck.conformance.zoo.right.numpy_loops",
        function="numpy_loop",
        kind="loop",
        order=("BOUND-09", "CARRY", "BOUND-06", "BOUND-07", "ERROR", "ITER-01"),
    ),
)


def mutants() -> tuple[Generated, ...]:
    """Every mutant, source by source, in the order of the lines that are changed."""
    because = equivalents()
    return tuple(
        Generated(
            name=name,
            kind=source.kind,
            path=f"{__name__}:{name}",
            story=f"{source.function}, line {mutant.line}: {mutant.description}",
            source=source,
            equivalent=because.get(name, ""),
        )
        for name, (source, mutant) in _by_name().items()
    )


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__") or name not in _by_name():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    source, mutant = _by_name()[name]
    function: Callable[..., Any] = mutation.execute(mutant.tree, module=source.module)[
        source.function
    ]
    return function


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[Source, mutation.Mutant]]:
    return {
        mutant.name: (source, mutant)
        for source in SOURCES
        for mutant in mutation.mutants_of(source.tree(), source.function)
    }
