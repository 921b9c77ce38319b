"""The command line over sessions that never took place; what a target does is in its name.

``python -m report.fake_cli run hangs:f`` is ``foricheck run`` on a target that hangs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from foricheck.cases.variants import TRACED, Variant
from foricheck.errors import RequestError
from foricheck.judging.events import Event
from foricheck.rules.documents import Source, Statement
from foricheck.rules.rule import Level
from foricheck.rules.selection import must_exist
from foricheck.runner.request import Request
from report.fake_runs import BROKEN, PASSED, run

__all__ = ["ASKED", "modules"]

must_exist((), what="")  # loads the real rules before there are others

ASKED: list[object] = []
"""Every request, and every replay as its id and report."""


CARRY = Source("https://docs.jax.dev/loop", "the fixed shape of the carry")
LOOPS = Statement(id="book.loops", document="The book", says="The loop loops.", source=CARRY)


@dataclass(frozen=True)
class FakeRule:
    id: str
    kind: str
    level: Level
    sentence: str = "Every leaf keeps its dtype."
    why: str = "A carry of another ``dtype`` is another program."
    source: Source = CARRY
    catches: tuple[str, ...] = ("silent promotion",)
    needs: frozenset[str] = frozenset({"refuse"})
    variants: tuple[Variant, ...] = (TRACED,)
    place: str = "conformance/test_carry.py::test_dtypes_are_kept"
    statements: tuple[Statement, ...] = ()


RULES = (
    FakeRule("ITER-01", "loop", Level.CORE, statements=(LOOPS,)),
    FakeRule("CARRY-01", "loop", Level.PARITY),
    FakeRule("REC-01", "recurrence", Level.CORE, "f(−x) = −f(x).", statements=(LOOPS,)),
)


@dataclass(frozen=True)
class FakeMember:
    name: str
    caught_by: tuple[str, ...]
    story: str


MEMBERS = (
    FakeMember("promotes", ("CARRY-01",), "Promotes on the way."),
    FakeMember("skips", ("ITER-01",), "Skips the first."),
)
STATEMENTS = (
    LOOPS,
    Statement(
        id="book.pleasure",
        document="The book",
        says="It is a pleasure.",
        source=CARRY,
        untestable="An opinion.",
    ),
)


def declared(rules: Collection[str] = ()) -> tuple[FakeMember, ...]:
    caught = (member for member in MEMBERS if not rules or {*rules} & {*member.caught_by})
    return tuple(caught)


def events(request: Request, *, directory: Path | None = None) -> Iterator[Event]:
    ASKED.append(request)
    match (request.spec.target or "passes").partition(":")[0]:
        case "passes":
            yield from run(PASSED)
        case "breaks":
            yield from run(BROKEN)
        case "dies":
            yield from run(PASSED, verdict="error", reason="the worker died\nof a signal")
        case "ends":
            yield from run(PASSED)[:4]
        case "hangs":
            yield from run(PASSED)[:4]
            time.sleep(60)
        case "is-stopped":
            yield from run(PASSED)[:4]
            raise KeyboardInterrupt
        case "breaks-and-is-stopped":
            yield from run(BROKEN)[:-1]
            raise KeyboardInterrupt
        case "has-a-bug":
            raise ZeroDivisionError("a bug")
        case name:
            raise RequestError(f"no module is named {name!r}")


def find(id: str, report: Path | None = None) -> str:
    ASKED.append((id, report))
    if id == "unknown":
        raise RequestError("no failure is kept as 'unknown'")
    return id


def replay(record: str) -> Iterator[Event]:
    yield from run([BROKEN[2]] if record == "fails" else [PASSED[0]])


def modules() -> dict[str, ModuleType]:
    """The modules that stand in for the real ones, by name."""
    contents: dict[str, dict[str, object]] = {
        "foricheck.runner.supervisor": {"events": events, "replay": replay},
        "foricheck.runner.replays": {"find": find},
        "foricheck.report.reading": {"find": find},
        "foricheck.rules.registry": {"all_rules": lambda: RULES},
        "foricheck.rules.documents": {"statements": lambda: STATEMENTS},
        "foricheck.conformance.zoo": {"declared": declared},
    }
    made = {name: ModuleType(name) for name in contents}
    for name, module in made.items():
        vars(module).update(contents[name])
    return made


if __name__ == "__main__":
    sys.modules.update(modules())
    from foricheck.cli import main

    main()
