"""What a person named as the target, as data that processes and files can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from foricheck.errors import check_choice
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.target import Namespace

__all__ = ["TargetSpec"]


@dataclass(frozen=True)
class TargetSpec:
    """A target by its name; `foricheck.targets.loading.load` makes a callable of it.

    Attributes:
        target: ``module:attribute``, ``path.py:attribute``, ``exec:COMMAND`` or the name of one
            of `foricheck.conformance.targets.ADAPTERS`; None is the bundled reference.
        kind: ``loop`` or ``recurrence``; None infers it from the parameter names.
        array_namespace: a `foricheck.targets.target.Namespace`; None is what the target declares,
            else ``jax`` if loading it imports JAX, else ``numpy``.
        without: capabilities that the target does not claim.

    Raises:
        RequestError: a kind, a namespace or a capability is unknown.
    """

    target: str | None = None
    kind: str | None = None
    array_namespace: str | None = None
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, (None, "loop", "recurrence"))
        check_choice("array namespace", self.array_namespace, (None, *get_args(Namespace)))
        for capability in self.without:
            check_choice("capability", capability, tuple(CAPABILITIES))

    @property
    def is_bundled(self) -> bool:
        """Whether it names the bundled reference."""
        return self.target is None
