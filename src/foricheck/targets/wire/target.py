"""From a command to a target: what the harness says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from foricheck.errors import RequestError
from foricheck.targets import adapters
from foricheck.targets.target import Target
from foricheck.targets.wire.client import Client
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
    *,
    name: str | None = None,
    kind: str | None = None,
    without: Iterable[str] = (),
    array_namespace: str | None = None,
    timeout: float = 60.0,
    heard: Callable[[int], None] = lambda group: None,
) -> Target:
    """The target behind a harness, which is started.

    Args:
        place: ``exec:COMMAND``.
        name: as the person named it; the place when absent.
        kind: one of the kinds that the harness says it is; all of them when absent.
        without: capabilities that the target does not claim.
        array_namespace: ``wire`` or None.
        timeout: seconds that an answer may take.
        heard: told the process group of the harness, when it starts and while it answers.

    Raises:
        RequestError: there is no such harness, or it is of another kind.
    """
    if array_namespace not in (None, "wire"):
        raise RequestError(f"an exec: target has no arrays of {array_namespace}")
    command = place.removeprefix(PREFIX)
    client = Client(command, timeout=timeout, heard=heard)
    return of_client(client, command, name=name or place, kind=kind, without=without)


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
