"""Failures kept on disk, so that ``foricheck replay ID`` runs one again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foricheck.errors import RequestError
from foricheck.judging.events import RuleFinished
from foricheck.runner.request import Request
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.target import BUNDLED

__all__ = ["DIRECTORY", "Record", "find", "keep"]

DIRECTORY = Path(".foricheck")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One failed case, with what it takes to run it again.

    Attributes:
        id: the failure's id.
        rule: the rule that it breaks.
        variant: the variant, as text.
        data: the case's exact JSON form.
        request: the target, its kind and its arrays, as they were asked for.
    """

    id: str
    rule: str
    variant: str
    data: dict[str, Any]
    request: dict[str, Any]

    def asking(self) -> Request:
        """The request that loads the target again."""
        return Request(**{**self.request, "without": tuple(self.request["without"])})


def keep(event: RuleFinished, request: Request, directory: Path) -> None:
    """Write the failure of a judged rule, if it has one.

    Raises:
        OSError: the directory cannot be written.
    """
    failure = event.result.failure
    if failure is None or not failure.data:
        return
    asked = {
        "target": request.target,
        "kind": request.kind,
        "array_namespace": request.array_namespace,
        "without": list(request.without),
    }
    record = {"id": failure.id, "rule": failure.rule, "way": failure.variant, "data": failure.data}
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{failure.id}.json"
    path.write_text(json.dumps(record | {"request": asked}, indent=1) + "\n")


def find(id: str, *, directory: Path, report: Path | None = None) -> Record:
    """The failure of this id, from the directory or from a JSON report.

    Raises:
        RequestError: there is none, or what is there cannot be read.
    """
    return _from_report(id, report) if report else _from_directory(id, directory)


def _from_directory(id: str, directory: Path) -> Record:
    path = directory / f"{id}.json"
    if Path(id).name != id or not path.is_file():
        raise RequestError(
            f"no failure {id!r} is kept in {directory}/; in another place, name the report that "
            "has it with --from"
        )
    value = _read(path)
    try:
        return Record(variant=value.pop("way"), **value)
    except (KeyError, TypeError) as error:
        raise RequestError(f"{path} is no failure that foricheck kept") from error


def _from_report(id: str, path: Path) -> Record:
    try:
        return _in_report(id, _read(path), path)
    except (KeyError, TypeError, AttributeError) as error:
        raise RequestError(f"{path} is no report of foricheck") from error


def _in_report(id: str, report: dict[str, Any], path: Path) -> Record:
    for rule in report["rules"]:
        failure = rule.get("failure")
        if failure and failure["id"] == id:
            target = report["target"]
            request: dict[str, Any] = {
                "target": None if target == BUNDLED else target,
                "kind": None if " and " in report["kind"] else report["kind"],
                "array_namespace": report["array_namespace"],
                "without": [name for name in CAPABILITIES if name not in report["capabilities"]],
            }
            if not failure["data"]:
                raise RequestError(f"the case of {id!r} is not known, so it cannot be run again")
            kept = {key: failure[key] for key in ("id", "rule", "data")}
            return Record(request=request, variant=failure["way"], **kept)
    raise RequestError(f"{path} has no failure {id!r}")


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise RequestError(f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise RequestError(f"{path} is no report of foricheck")
    return value
