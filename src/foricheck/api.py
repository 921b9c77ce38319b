"""``foricheck.check``: a verdict within another project's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from foricheck.errors import RequestError
from foricheck.judging import run as running
from foricheck.judging.events import Event
from foricheck.judging.plan import Plan
from foricheck.report.report import Report
from foricheck.rules.selection import must_exist
from foricheck.runner import elsewhere
from foricheck.runner.elsewhere import Elsewhere, place_of
from foricheck.runner.request import Request
from foricheck.targets.jax import config, flags
from foricheck.targets.loading import of_callable
from foricheck.targets.spec import TargetSpec

__all__ = ["check", "confirming", "planned", "requested"]


def check(
    function: Callable[..., Any],
    *,
    kind: str | None = None,
    rules: str | None = None,
    profile: str = "default",
    without: Iterable[str] = (),
    array_namespace: str | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Report:
    """Judge a function in this process; what fails is confirmed in another one.

    Args:
        function: the implementation under test: a ``fori_loop`` or a ``fori_loop_recurrence``.
        kind: ``loop`` or ``recurrence``; inferred from the parameter names when absent.
        rules: ids, chapters or globs, comma separated, ``-ID`` to leave out; every rule but the
            quirks when absent.
        profile: ``quick``, ``default`` or ``deep``.
        without: capabilities that the function does not have.
        array_namespace: ``jax`` or ``numpy``; ``jax`` when absent and JAX is imported.
        expected_failures: reasons by rule id; such a rule must fail.
        seed: the seed of every draw.

    Returns:
        The report; ``report.conformant`` is the verdict, ``str(report)`` lists the failures, and
        ``report.raise_for_failures()`` fails a test with them.

    Raises:
        RequestError: an argument is invalid, the kind cannot be inferred, or a flag of JAX is on
            under which a correct function would break rules (`foricheck.targets.jax.flags`).
    """
    if isinstance(function, str):
        raise RequestError(
            f"check takes a function; a target by its name is judged by: foricheck run {function!r}"
        )
    request = requested(
        kind=kind,
        rules=rules,
        profile=profile,
        without=without,
        array_namespace=array_namespace,
        expected_failures=expected_failures,
        seed=seed,
    )
    events: list[Event] = []
    plan = planned(function, request)
    confirm = confirming(function, plan, request)
    running.run(plan, events.append, confirm=confirm)
    return _with_unconfirmed(Report.of(events), confirm)


def confirming(function: Callable[..., Any], plan: Plan, request: Request) -> Elsewhere:
    """What confirms the failures of a function in other processes, where they can import it."""
    return Elsewhere(plan.target, elsewhere.named(request, plan.target, place_of(function)))


def _with_unconfirmed(report: Report, confirm: Elsewhere) -> Report:
    """The report, with a note on failures that were found in this process alone."""
    if not confirm.unconfirmed:
        return report
    ids, why = ", ".join(confirm.unconfirmed), confirm.why
    note = f"not confirmed in a process of its own: {ids} ({why})"
    return replace(report, notes=(*report.notes, note))


def requested(
    *,
    kind: str | None,
    rules: str | None,
    profile: str,
    without: Iterable[str],
    array_namespace: str | None,
    expected_failures: Mapping[str, str] | None,
    seed: int,
) -> Request:
    """The arguments of `check` as a request.

    Raises:
        RequestError: one of them is invalid.
    """
    spec = TargetSpec(kind=kind, without=tuple(without), array_namespace=array_namespace)
    expected = dict(expected_failures or {})
    must_exist(expected, what="which is expected to fail")
    return Request(spec=spec, rules=rules, profile=profile, seed=seed, expected=expected)


def planned(function: Callable[..., Any], request: Request) -> Plan:
    """The plan for judging a function in this process.

    Raises:
        RequestError: as `check`.
    """
    config.force_host_devices()
    flags.refuse()
    spec = request.spec
    target = of_callable(
        function, kind=spec.kind, without=spec.without, array_namespace=spec.array_namespace
    )
    return request.plan(target, bundled=False)
