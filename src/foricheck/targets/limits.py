"""How far a target can do what it claims: longest trip count, dtypes, leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from foricheck.errors import RequestError

__all__ = ["UNLIMITED", "Extent", "Limits", "declared", "of_leaves", "reasons"]


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


@dataclass(frozen=True)
class Extent:
    """What one case asks of a target: its trip count, and dtypes by name."""

    trips: int = 0
    bound_dtypes: tuple[str, ...] = ()
    leaf_dtypes: tuple[str, ...] = ()
    has_empty: bool = False
    has_none: bool = False


def reasons(limits: Limits, extent: Extent) -> Iterator[str]:
    """Why something of this extent is beyond the limits, if it is."""
    if limits.trips is not None and extent.trips > limits.trips:
        yield f"{extent.trips} trips: the target declares {limits.trips} at most"
    yield from _other("bound", extent.bound_dtypes, limits.bound_dtypes)
    yield from _other("leaf", extent.leaf_dtypes, limits.leaf_dtypes)
    if extent.has_empty and not limits.empty_leaves:
        yield "an empty leaf, which the target declares that it does not take"
    if extent.has_none and not limits.none_leaves:
        yield "None in place of a leaf, which the target declares that it does not take"


def of_leaves(trips: int, bounds: tuple[str, ...], init: Any) -> Extent:
    """The extent of a loop with this initial carry, of which only arrays have a dtype."""
    leaves = list(_leaves(init))
    arrays = [leaf for leaf in leaves if hasattr(leaf, "dtype") and hasattr(leaf, "shape")]
    return Extent(
        trips,
        bounds,
        tuple(str(array.dtype) for array in arrays),
        has_empty=any(0 in array.shape for array in arrays),
        has_none=any(leaf is None for leaf in leaves),
    )


def _other(what: str, dtypes: Iterable[str], allowed: tuple[str, ...]) -> Iterator[str]:
    for dtype in dtypes:
        if allowed and dtype not in allowed:
            yield f"a {what} of {dtype}: the target declares {', '.join(allowed)}"


def _leaves(value: Any) -> Iterator[Any]:
    from foricheck.comparison.trees import children  # with NumPy, which declaring does not need

    below = None if value is None else children(value)
    if below is None:
        yield value
    for _, part in below or ():
        yield from _leaves(part)
