"""How far a target can do what it claims: longest trip count, dtypes, leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from foricheck.errors import RequestError

__all__ = ["UNLIMITED", "Limits", "declared"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits that a target declares in its attribute ``foricheck``, under ``limits``.

    Attributes:
        trips: the longest trip count; None is any.
        bound_dtypes: of NumPy's integer dtypes, those that a bound may have; empty is all.
        leaf_dtypes: those that a leaf may have; empty is all.
        empty_leaves: whether a leaf may have no element.
        none_leaves: whether None may stand in place of a leaf.
    """

    trips: int | None = None
    bound_dtypes: tuple[str, ...] = ()
    leaf_dtypes: tuple[str, ...] = ()
    empty_leaves: bool = True
    none_leaves: bool = True


UNLIMITED = Limits()


def declared(limits: Any) -> Limits:
    """The limits of a declaration.

    Raises:
        RequestError: it is no mapping, or has a key that is not a limit.
    """
    known = [field.name for field in fields(Limits)]
    if not isinstance(limits, Mapping) or not set(limits) <= set(known):
        raise RequestError(f"the target's limits must be a mapping with keys of {', '.join(known)}")
    dtypes = {name: tuple(limits[name]) for name in limits if name.endswith("_dtypes")}
    return Limits(**{**limits, **dtypes})
