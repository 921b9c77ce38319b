"""``[tool.foricheck]`` of a ``pyproject.toml``: what is judged where the command says nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from foricheck.documents.reading import InvalidDocument, convert, load_toml
from foricheck.errors import RequestError, did_you_mean

__all__ = ["Settings", "settings_of"]

_FILE = "pyproject.toml"
_Names = str | tuple[str, ...] | None
_Seconds = Annotated[float, Meta(gt=0)] | None

_OF_TARGET = ("target", "kind", "without", "array_namespace", "expect_failures")
"""The settings that hold for the target of the file, and not for another one."""


class Settings(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The table ``[tool.foricheck]``; its keys are the long options of ``foricheck run``."""

    target: str | None = None
    kind: Literal["loop", "recurrence"] | None = None
    rules: _Names = None
    profile: Literal["quick", "default", "deep"] | None = None
    without: _Names = None
    array_namespace: Literal["jax", "numpy"] | None = None
    expect_failures: str | None = None
    seed: int | None = None
    timeout: _Seconds = None
    time_limit: _Seconds = None
    jobs: Annotated[int, Meta(ge=1)] | None = None

    def options(self, target: str | None) -> dict[str, Any]:
        """The options of a run, by name, for what a person named as the target.

        What is set for the target of the file is left out if the person names another one.
        """
        others = target is not None and self.target not in (None, target)
        named = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {
            name: ",".join(value) if isinstance(value, tuple) else value
            for name, value in named
            if value is not None and not (others and name in _OF_TARGET)
        }


def settings_of(directory: Path) -> Settings:
    """The settings in the nearest ``pyproject.toml``, in this directory or above it.

    Paths in it are relative to its own directory; those returned are relative to ``directory``.

    Raises:
        RequestError: the file cannot be read, or the table has another key or a wrong value.
    """
    for above in (directory, *directory.parents):
        if (file := above / _FILE).is_file():
            table = load_toml(file).get("tool", {}).get("foricheck", {})
            return _anchored(_settings(file.name, table), os.path.relpath(above, directory))
    return Settings()


def _settings(file: str, table: Any) -> Settings:
    place = f"{file}: [tool.foricheck]"
    if not isinstance(table, Mapping):
        raise RequestError(f"{place}: expected a table")
    known = Settings.__struct_encode_fields__
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known) or f"; the keys are {', '.join(known)}"
            raise RequestError(f"{place} has no key {key!r}{hint}")
    try:
        return convert(table, Settings)
    except InvalidDocument as error:
        raise RequestError(f"{place}: {error}") from error


def _anchored(settings: Settings, base: str) -> Settings:
    """The settings with paths that start from another directory."""
    if base == os.curdir:
        return settings
    target, failures = settings.target, settings.expect_failures
    if target and target.rpartition(":")[0].endswith(".py"):
        target = os.path.join(base, target)
    if failures:
        failures = os.path.join(base, failures)
    return msgspec.structs.replace(settings, target=target, expect_failures=failures)
