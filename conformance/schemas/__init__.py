"""The JSON schemas of what foricheck reads and writes, generated from its declarations.

``python -m foricheck.conformance.schemas`` writes the files anew after a declaration has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from foricheck.diff.json import DiffDocument
from foricheck.documents.schema import schema
from foricheck.matrix.json import MatrixDocument
from foricheck.report.document import ReportDocument
from foricheck.targets.wire.declared import MESSAGES, Loop, Recurrence
from foricheck.vectors.document import Loops, Recurrences
from foricheck.zoo.document import ZooDocument

__all__ = ["SCHEMAS", "render"]

SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "case": lambda: schema(
        *(Loop, Recurrence),
        id="urn:foricheck:case:1",
        title="foricheck case, version 1",
        description="One case, as any language reads it: bounds, body and carry of a loop; or "
        "seed, x, hidden and T of a recurrence.",
    ),
    "diff": lambda: schema(
        DiffDocument,
        id="urn:foricheck:diff:1",
        title="foricheck diff, version 1",
        description="What changed between two reports on a target, as written by foricheck diff "
        "--format json.",
    ),
    "matrix": lambda: schema(
        MatrixDocument,
        id="urn:foricheck:matrix:1",
        title="foricheck matrix, version 1",
        description="The statuses of the rules for each of several targets, as written by "
        "foricheck matrix; the evidence is in their reports.",
    ),
    "report": lambda: schema(
        ReportDocument,
        id="urn:foricheck:report:1",
        title="foricheck report, version 1",
        description="The judgement on one target, as written by foricheck run --json.",
    ),
    "vectors": lambda: schema(
        *(Loops, Recurrences),
        id="urn:foricheck:vectors:1",
        title="foricheck vectors, version 1",
        description="Frozen known answers for one kind of target. The file is text, a flag or a "
        "vector a line.",
    ),
    "wire": lambda: schema(
        *MESSAGES,
        id="urn:foricheck:wire:1",
        title="foricheck wire protocol, version 1",
        description="The messages between foricheck and a harness: one JSON object a line, UTF-8. "
        "foricheck writes a hello, and then runs, to the harness's standard input; to each the "
        "harness writes one answer to its standard output. When its input ends, it exits with "
        "status 0.",
    ),
    "zoo": lambda: schema(
        ZooDocument,
        id="urn:foricheck:zoo:1",
        title="foricheck kill matrix, version 1",
        description="Which rule catches which wrong implementation, as written by foricheck zoo "
        "--json.",
    ),
}
"""By the name of its file, without the version."""


def render(name: str) -> str:
    """The text of a schema's file."""
    return json.dumps(SCHEMAS[name](), indent=2) + "\n"
