"""Runs that never took place, for the reporters to tell."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from foricheck.evidence.failure import Failure
from foricheck.judging.events import (
    Environment,
    Event,
    Header,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
    Verdict,
)
from foricheck.report.report import Report
from foricheck.report.terminal import Terminal

SCRIPT = f"""from mypkg.loops import fori_loop

def body(i, carry):
    return {" + ".join(f"carry[{n}]" for n in range(12))} + i

print(fori_loop(3, 5, body, 0))
"""


def failure(**changes: Any) -> Failure:
    fields: dict[str, Any] = {
        "id": "3f9a1c07",
        "rule": "CARRY-01",
        "sentence": "The dtype is fixed.",
        "variant": "traced-with-jit",
        "case": "lower = int8(3), upper = int8(5)",
        "path": "carry['a'][2]",
        "expected": "int32 7",
        "got": "int64 7",
        "why": "dtype",
        "ratio": None,
        "script": SCRIPT,
        "data": {"sort": "loop", "lower": {"dtype": "int64", "shape": [1], "hex": "03"}},
    }
    return Failure(**fields | changes)


def result(id: str, status: str = "passed", **fields: Any) -> RuleResult:
    told: dict[str, Any] = {"level": "core", "sentence": f"What {id} says.", "cases": 1000}
    return RuleResult(id=id, status=status, **told | fields)  # type: ignore[arg-type]  # by text


PASSED = (result("ITER-01", seconds=0.5, compilations=2), result("REC-01", max_ratio=0.62))
BROKEN = (
    *PASSED,
    result("CARRY-01", "failed", failure=failure()),
    result("CARRY-02", "skipped", reason="the target lacks traced", cases=0),
    result("CARRY-03", "xfailed", reason="not yet: no containers"),
    result("CARRY-04", "xpassed", reason="never: no NaN"),
)


def header(rules: Iterable[str], **changes: Any) -> Header:
    fields: dict[str, Any] = {
        "target": "mypkg.loops:fori_loop",
        "kind": "loop",
        "array_namespace": "jax",
        "capabilities": ("traced", "jit"),
        "environment": Environment(
            versions={"foricheck": "0.1.0", "jax": "0.12.0"}, platform="cpu", device="TFRT_CPU_0"
        ),
        "seed": 7,
        "profile": "default",
        "rules": tuple(rules),
    }
    return Header(**fields | changes)


def run(
    results: Iterable[RuleResult],
    *,
    verdict: Verdict | None = None,
    reason: str = "",
    notes: tuple[str, ...] = (),
    **changes: Any,
) -> list[Event]:
    """The events of a run in which the rules were judged so."""
    results = tuple(results)
    broken = any(result.status in ("failed", "xpassed") for result in results)
    events: list[Event] = [RunStarted(header((result.id for result in results), **changes))]
    for judged in results:
        events += [
            RuleStarted(judged.id, judged.sentence),
            Progress(judged.id, "traced-with-jit", judged.cases),
            RuleFinished(judged),
        ]
    return [
        *events,
        RunFinished(verdict or ("nonconformant" if broken else "conformant"), reason, notes, 0.7),
    ]


def report(results: Iterable[RuleResult], **changes: Any) -> Report:
    return Report.of(run(results, **changes))


def terminal(events: Iterable[Event], *, width: int = 80, durations: int = 0) -> str:
    """What the events look like where nothing can move."""
    written = io.StringIO()
    console = Console(file=written, width=width, highlight=False)
    with Terminal(console, durations=durations) as reporter:
        for event in events:
            reporter.handle(event)
    return written.getvalue()
