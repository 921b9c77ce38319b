"""What a person asks for: which target to judge, on what, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from foricheck.errors import RequestError
from foricheck.rules.budget import PROFILES
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.target import Namespace

__all__ = ["Request"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One run, asked for.

    Attributes:
        target: ``module:attribute``, ``path.py:attribute``, ``exec:COMMAND`` or the name of one
            of `foricheck.conformance.targets.ADAPTERS`; None is the bundled reference.
        kind: ``loop`` or ``recurrence``; None infers it from the parameter names.
        profile: a name of `foricheck.rules.budget.PROFILES`.
        rules: ids or chapters, comma separated; None is every rule that is not a quirk.
        without: capabilities that the target does not claim.
        array_namespace: a `foricheck.targets.target.Namespace`; None is what the target says, else
            ``jax`` if loading it imports JAX, else ``numpy``.
        seed: the seed of every draw.
        timeout: seconds that the target may stay silent before it is taken to hang.
        jobs: how many processes judge at once; None is several on a CPU of several cores.
        expected: reasons by rule id, for rules that are expected to fail.
    """

    target: str | None = None
    kind: str | None = None
    profile: str = "default"
    rules: str | None = None
    without: tuple[str, ...] = ()
    array_namespace: str | None = None
    seed: int = 0
    timeout: float = 60.0
    jobs: int | None = None
    expected: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _one_of("profile", self.profile, tuple(PROFILES))
        _one_of("kind", self.kind, (None, "loop", "recurrence"))
        _one_of("array namespace", self.array_namespace, (None, *get_args(Namespace)))
        for capability in self.without:
            _one_of("capability", capability, tuple(CAPABILITIES))


def _one_of(what: str, value: str | None, known: tuple[str | None, ...]) -> None:
    if value not in known:
        names = ", ".join(name for name in known if name)
        raise RequestError(f"no {what} is named {value!r}; there are {names}")
