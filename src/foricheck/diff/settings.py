"""What else differs between two runs: versions, platform, flags, and what was requested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from foricheck.judging.events import Header
from foricheck.report.wording import lacking

__all__ = ["Category", "Setting", "setting_changes"]

Category = Literal["versions", "platform", "flags", "target", "request"]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting that changed.

    Attributes:
        category: what it belongs to.
        name: its name, such as ``jax`` among versions.
        old: its value in the old report, None if it had none.
        new: its value in the new report, None if it has none.
    """

    category: Category
    name: str
    old: str | None
    new: str | None


def setting_changes(old: Header, new: Header) -> tuple[Setting, ...]:
    """The settings that differ between two runs."""
    return tuple(_changes(old, new))


def _changes(old: Header, new: Header) -> Iterator[Setting]:
    here, there = old.environment, new.environment
    yield from _compared("target", _target(old), _target(new))
    yield from _compared("request", _request(old), _request(new))
    yield from _compared("versions", here.versions, there.versions)
    platforms = ({"platform": each.platform, "device": each.device} for each in (here, there))
    yield from _compared("platform", *platforms)
    yield from _compared("flags", here.flags, there.flags)
    set_back = (dict.fromkeys(each.set_back, "set back") for each in (here, there))
    yield from _compared("flags", *set_back)


def _target(header: Header) -> dict[str, str]:
    return {
        "name": header.target,
        "kind": header.kind,
        "arrays": header.array_namespace,
        "lacking": ", ".join(lacking(header.capabilities)) or "nothing",
    }


def _request(header: Header) -> dict[str, str]:
    rules = header.pattern or "all"
    return {"rules": rules, "profile": header.profile, "seed": str(header.seed)}


def _compared(
    category: Category, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Setting]:
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield Setting(category=category, name=name, old=old.get(name), new=new.get(name))
