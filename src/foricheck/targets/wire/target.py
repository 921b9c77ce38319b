"""From a command to a target: what the harness says of itself."""

from __future__ import annotations

from collections.abc import Iterable

from foricheck.errors import RequestError
from foricheck.targets import adapters
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import Target
from foricheck.targets.wire.client import Client, OnHarness
from foricheck.targets.wire.command import PREFIX

__all__ = ["command_of", "of_client", "of_command"]

_CLAIMED = frozenset({"traced", "pytree", "refuse", "copies"})
"""What the protocol can say: bounds and carries are data there. Rules that are told in Python need
more, and say so themselves; so do those for which the harness has to declare something."""


def command_of(target: str) -> str:
    """The command behind ``exec:COMMAND``, or behind the name of an adapter.

    Raises:
        RequestError: there is none.
    """
    place = target if ":" in target else adapters.place(adapters.named(target))
    if not place.startswith(PREFIX):
        raise RequestError(f"{target} is no harness; write exec:COMMAND")
    return place.removeprefix(PREFIX)


def of_command(
    place: str,
    spec: TargetSpec,
    *,
    timeout: float = 60.0,
    on_harness: OnHarness = lambda group: None,
) -> Target:
    """Start a harness, and return the target behind it.

    Args:
        place: ``exec:COMMAND``.
        spec: what the person said of it; its kind is one of those that the harness declares, its
            array namespace is ``wire`` or None.
        timeout: seconds that an answer may take.
        on_harness: see `Client`.

    Raises:
        RequestError: the harness cannot be started, or is of another kind.
    """
    if spec.array_namespace not in (None, "wire"):
        raise RequestError(f"an exec: target has no arrays of {spec.array_namespace}")
    command = place.removeprefix(PREFIX)
    client = Client(command, timeout=timeout, on_harness=on_harness)
    return of_client(
        client, command, name=spec.target or place, kind=spec.kind, without=spec.without
    )


def of_client(
    client: Client, command: str, *, name: str, kind: str | None, without: Iterable[str]
) -> Target:
    """The target behind a harness that has said hello.

    Raises:
        RequestError: it is of another kind.
    """
    hello = client.hello
    if kind is not None and kind not in hello.kinds:
        raise RequestError(f"the harness says that it is a {_listed(hello.kinds)}, not a {kind}")
    kinds = hello.kinds if kind is None else {kind}
    return Target(
        name=name,
        callables=dict.fromkeys(kinds, client),
        capabilities=_CLAIMED - set(without),
        namespace="wire",
        imports=dict.fromkeys(kinds, command),
        versions={hello.name: hello.version},
    )


def _listed(kinds: Iterable[str]) -> str:
    return " and a ".join(sorted(kinds))
