"""Loops that confuse parameters by their names or their nesting."""

from __future__ import annotations

from typing import Any

from flax import nnx

from ..defects import on_body, on_result
from ..member import Body, Carry, wrong
from ..support.closures import reclosed


@wrong("structure", caught_by=("MODULE-08",))
@on_body
def params_collected_by_name(body_fun: Body) -> Body:
    """Collects the Params of all closed-over modules by name, so that two named W become one."""
    known: dict[str, Any] = {}

    def collected(value: Any) -> Any:
        if not isinstance(value, nnx.Module):
            return value
        graphdef, state = nnx.split(value)
        for name, param in nnx.to_pure_dict(state).items():
            known.setdefault(name, param)
        return nnx.merge(graphdef, {name: known[name] for name in nnx.to_pure_dict(state)})

    return reclosed(body_fun, collected)


@wrong("structure", caught_by=("MODULE-11",))
@on_result
def nested_params_come_back_flat(result: Carry) -> Carry:
    """Returns nested dicts as one dict with joined keys, the form of a checkpoint."""
    return dict(_entries(result)) if isinstance(result, dict) else result


def _entries(tree: Carry, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(tree, dict):
        return [(prefix.removesuffix("/"), tree)]
    return [entry for key, value in tree.items() for entry in _entries(value, f"{prefix}{key}/")]


@wrong("structure", caught_by=("MODULE-11",))
@on_result
def nested_params_are_not_updated(init_val: Carry, result: Carry) -> Carry:
    """Carries the outer entries of a dict only, and dicts in it stay: its walk does not recurse."""
    if not isinstance(result, dict):
        return result
    return {key: init_val[key] if isinstance(new, dict) else new for key, new in result.items()}
