"""Load the target that a person named.

It is ``module:attribute``, ``path/to/file.py:attribute``, or the name of an adapter, see
`foricheck.conformance.targets`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from foricheck.errors import RequestError
from foricheck.targets import adapters, distributions, importing, limits
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.jax import config
from foricheck.targets.probing import why_not_traced, why_not_unrolled
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import BUNDLED, Namespace, Target
from foricheck.targets.wire import target as wire_target
from foricheck.targets.wire.client import OnHarness
from foricheck.targets.wire.command import PREFIX
from foricheck.targets.within import Within

__all__ = ["load", "of_callable", "reference"]

_PARAMETERS = {
    "loop": ("lower", "upper", "body_fun", "init_val"),
    "recurrence": ("seed", "x", "hidden", "T"),
}
_NAMES = {"loop": "fori_loop", "recurrence": "fori_loop_recurrence"}
_TRANSFORMED = {"jit", "pmap", "disable_jit", "vmap", "grad", "forward", "reverse"}
_NOT_NUMPY = frozenset({*_TRANSFORMED, "traced", "one_trace", "one_while"})
_BY_NATURE = {"numpy": _NOT_NUMPY, "keras": _NOT_NUMPY - {"traced"}}
"""What cannot be done with arrays that are not JAX's."""

_DECLARED = {"without", "array_namespace", "refuses_with", "limits"}
"""The keys of a target's attribute ``foricheck``."""


def load(
    spec: TargetSpec, *, timeout: float = 60.0, on_harness: OnHarness = lambda group: None
) -> Target:
    """The target that a person named.

    Args:
        spec: the name, and what else was declared of it.
        timeout: seconds that a harness may take to answer.
        on_harness: see `foricheck.targets.wire.client.Client`.

    Raises:
        RequestError: the target does not exist, cannot be imported or called, or its kind is not
            clear.
    """
    named = spec.target
    if named is None:
        return reference(kind=spec.kind, without=spec.without)
    if ":" in named or not named or named.endswith(".py"):
        return _at(named, spec, timeout, on_harness)
    adapter = adapters.named(named)
    narrowed = replace(spec, without=(*spec.without, *adapter.without))
    target = _at(adapters.place(adapter), narrowed, timeout, on_harness)
    known = target.versions | distributions.versions(adapter.packages)
    return replace(target, name=adapter.name, versions=known)


def _at(place: str, spec: TargetSpec, timeout: float, on_harness: OnHarness) -> Target:
    """The target at a place: a command, or an attribute of a module or a file."""
    if place.startswith(PREFIX):
        return wire_target.of_command(place, spec, timeout=timeout, on_harness=on_harness)
    module, _, attribute = place.rpartition(":")
    if not module or not attribute:
        raise RequestError(
            f"{place!r} does not name a target: write module:attribute or path/to/file.py:attribute"
        )
    found = importing.found(module, attribute)
    if isinstance(found, Target):
        return _narrowed(found, spec)
    return _imported(found, spec, (module, attribute))


def _imported(call: Callable[..., Any], spec: TargetSpec, place: tuple[str, str]) -> Target:
    """The target that is an imported callable."""
    target = of_callable(
        call,
        name=spec.target,
        kind=spec.kind,
        without=spec.without,
        array_namespace=spec.array_namespace,
        place=place,
    )
    modules = [] if place[0].endswith(".py") else [place[0]]
    return replace(target, versions=distributions.versions(modules))


def _narrowed(target: Target, spec: TargetSpec) -> Target:
    """A `Target` that a module defines, reduced to what the person requested."""
    if spec.kind and spec.kind not in target.kinds:
        (kind,) = target.kinds
        raise RequestError(f"{spec.target} is a {kind}, not a {spec.kind}")
    if spec.array_namespace not in (None, target.namespace):
        raise RequestError(f"the arrays of {spec.target} are {target.namespace}'s")
    kinds = target.kinds & {spec.kind} if spec.kind else target.kinds
    return replace(
        target,
        name=spec.target or target.name,
        callables={kind: target.callables[kind] for kind in kinds},
        capabilities=target.capabilities - set(spec.without),
    )


def reference(*, kind: str | None = None, without: Iterable[str] = ()) -> Target:
    """The bundled reference: ``jax.lax.fori_loop`` and the NNX recurrence built on it."""
    config.must_be_usable()
    import jax

    from foricheck.reference import fori_loop_recurrence

    callables: dict[str, Callable[..., Any]] = {
        "loop": jax.lax.fori_loop,
        "recurrence": fori_loop_recurrence,
    }
    return Target(
        name=BUNDLED,
        callables={name: call for name, call in callables.items() if kind in (None, name)},
        capabilities=frozenset(CAPABILITIES) - set(without),
        namespace="jax",
        imports={
            "loop": "from jax.lax import fori_loop",
            "recurrence": "from foricheck import fori_loop_recurrence",
        },
    )


def of_callable(
    call: Callable[..., Any],
    *,
    name: str | None = None,
    kind: str | None = None,
    without: Iterable[str] = (),
    array_namespace: str | None = None,
    place: tuple[str, str] | None = None,
) -> Target:
    """The target that is this callable.

    A callable may declare what it lacks, which arrays it takes, with which types of errors it
    refuses, and its limits, in an attribute ``foricheck``: a mapping with the keys ``without``,
    ``array_namespace``, ``refuses_with`` and ``limits`` (`foricheck.targets.limits.Limits`).

    Args:
        call: the implementation.
        name: the target's name; by default the callable's.
        kind: ``loop`` or ``recurrence``; by default inferred from the parameter names.
        without: capabilities that it does not claim.
        array_namespace: the arrays that it takes.
        place: the module or file, and the attribute, that scripts import it from.

    Raises:
        RequestError: its kind does not follow from its parameters, or it does not take four
            arguments.
    """
    own = _declaration(call)
    kind = kind or kind_of(call)
    _must_take_four(call, kind)
    named = name or str(getattr(call, "__qualname__", repr(call)))
    namespace = cast(Namespace, array_namespace or own.get("array_namespace") or _namespace())
    declared = {*without, *own.get("without", ())}
    lacks = _found_lacking(call, kind, namespace, declared)
    lacking = declared | _BY_NATURE.get(namespace, frozenset()) | set(lacks)
    here = f"# here, {_NAMES[kind]} is the function that was checked"
    limited = limits.declared(own.get("limits", {}))
    return Target(
        name=named,
        callables={kind: call if limited == limits.UNLIMITED else Within(call, kind, limited)},
        capabilities=frozenset(CAPABILITIES) - lacking,
        namespace=namespace,
        imports={kind: importing.lines(*place, _NAMES[kind]) if place else here},
        lacks=lacks,
        refuses_with=tuple(own.get("refuses_with", ())),
        limits=limited,
    )


def _declaration(call: Callable[..., Any]) -> Mapping[str, Any]:
    declared = getattr(call, "foricheck", {})
    if not isinstance(declared, Mapping) or not set(declared) <= _DECLARED:
        raise RequestError(
            "the target's attribute `foricheck` must be a mapping with the keys "
            "'without', 'array_namespace', 'refuses_with' and 'limits'"
        )
    for error in declared.get("refuses_with", ()):
        if not (isinstance(error, type) and issubclass(error, Exception)):
            raise RequestError(f"the target declares that it refuses with {error!r}: not an error")
    if declared.get("array_namespace", "jax") not in ("jax", "numpy", "keras"):
        raise RequestError(
            f"the target declares that its arrays are {declared['array_namespace']!r}: "
            "not 'jax', 'numpy' or 'keras'"
        )
    for capability in declared.get("without", ()):
        if capability not in CAPABILITIES:
            raise RequestError(
                f"the target declares that it lacks {capability!r}, which is unknown"
            )
    return declared


def _namespace() -> Namespace:
    """NumPy arrays, for a target that has not imported JAX."""
    return "jax" if "jax" in sys.modules else "numpy"


def _found_lacking(
    call: Callable[..., Any], kind: str, namespace: Namespace, declared: set[str]
) -> dict[str, str]:
    """What the target turns out to lack when it is tried, with the reason of each.

    What it declares, or lacks by the nature of its arrays, is not tried.
    """
    known = declared | _BY_NATURE.get(namespace, frozenset())
    if kind == "recurrence" and "traced" not in known:
        why = why_not_traced(call)
        return {"traced": why} if why else {}
    if kind == "loop" and "unroll" not in known:
        why = why_not_unrolled(call)
        return {"unroll": why} if why else {}
    return {}


def kind_of(call: Callable[..., Any]) -> str:
    """The kind of a callable, by the names of its parameters.

    Raises:
        RequestError: they do not show it.
    """
    names = _parameters(call)
    for kind, parameters in _PARAMETERS.items():
        if set(parameters[:2]) <= set(names):
            return kind
    shown = ", ".join(names) or "none that can be read"
    raise RequestError(
        f"the parameters of the target ({shown}) do not show whether it is a loop or a "
        "recurrence: add --kind loop or --kind recurrence"
    )


def _parameters(call: Callable[..., Any]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(call).parameters)
    except (TypeError, ValueError):  # a builtin without a signature
        return ()


def _must_take_four(call: Callable[..., Any], kind: str) -> None:
    try:
        signature = inspect.signature(call)
    except (TypeError, ValueError):  # a builtin without a signature: only a call shows it
        return
    try:
        signature.bind(0, 0, None, None)
    except TypeError:
        wanted = ", ".join(_PARAMETERS[kind])
        raise RequestError(
            f"a {kind} is called with ({wanted}), but the target takes {signature}"
        ) from None
