"""The target behind a harness, from the harness's description of itself."""

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
"""The capabilities of the protocol, in which bounds and carries are data. Rules that need Python or
a declaration of the harness check that themselves."""


def command_of(target: str) -> str:
    """The command behind ``exec:COMMAND``, or behind the name of an adapter.

    Raises:
        RequestError: it names no harness.
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
        spec: its kind must be one of those that the harness declares, its array namespace
            ``wire`` or None.
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
    """The target behind a harness that has sent its hello.

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
