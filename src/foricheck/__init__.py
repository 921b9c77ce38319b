"""foricheck: is this loop a ``fori_loop``?

Names are loaded when first used, so that a target that is not JAX is checked without JAX.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foricheck.api import check
    from foricheck.reference import Recurrence, fori_loop_recurrence
    from foricheck.report.report import NotConformant, Report
    from foricheck.testing.parametrization import parametrize

__all__ = ["NotConformant", "Recurrence", "Report", "check", "fori_loop_recurrence", "parametrize"]

_HOMES = {
    "NotConformant": "foricheck.report.report",
    "Recurrence": "foricheck.reference",
    "Report": "foricheck.report.report",
    "check": "foricheck.api",
    "fori_loop_recurrence": "foricheck.reference",
    "parametrize": "foricheck.testing.parametrization",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
