"""Write the schemas."""

from __future__ import annotations

from pathlib import Path

from foricheck.conformance.schemas import SCHEMAS, render

for name in SCHEMAS:
    Path(__file__).with_name(f"{name}-1.json").write_text(render(name))
