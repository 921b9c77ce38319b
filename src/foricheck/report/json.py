"""The JSON report, described by ``conformance/schemas/report-1.json``."""

from __future__ import annotations

import json
import math
from typing import Any

from foricheck.report.report import Report

__all__ = ["finite", "render"]


def render(report: Report) -> str:
    """The report as one JSON document in ASCII, ending in a newline."""
    return json.dumps(finite(report.to_json()), indent=2, allow_nan=False) + "\n"


def finite(value: Any) -> Any:
    """The value with infinities and NaN, which JSON lacks, as ``"Infinity"`` and ``"NaN"``."""
    match value:
        case float() if not math.isfinite(value):
            return json.dumps(value)
        case dict():
            return {name: finite(item) for name, item in value.items()}
        case list() | tuple():
            return [finite(item) for item in value]
        case _:
            return value
