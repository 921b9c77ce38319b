"""The rules that a person selects by ids, chapters and globs, and ids that no rule has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from foricheck.errors import RequestError
from foricheck.rules.chapters import CHAPTERS, chapter
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Level, Rule

__all__ = ["chosen", "must_exist", "near", "select"]

_WITHOUT = "-"
"""How a part of a pattern begins whose rules are left out."""


def select(pattern: str | None, kinds: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that a person selects.

    Args:
        pattern: ids, chapters or globs, comma separated; those that begin with ``-`` are left
            out. None is every rule that is not a quirk, and so is a pattern that only leaves out.
        kinds: what the target claims to be.

    Raises:
        RequestError: a part of the pattern matches no rule, or no rule is left.
    """
    judged = [rule for rule in all_rules() if rule.kind in kinds]
    parts = [part.strip().upper() for part in (pattern or "").split(",") if part.strip()]
    if pattern is not None and not parts:
        raise RequestError("the pattern names no rule; use ids such as ITER-01, or chapters")
    wanted = [part for part in parts if not part.startswith(_WITHOUT)]
    unwanted = [part.removeprefix(_WITHOUT) for part in parts if part.startswith(_WITHOUT)]
    for part in unwanted:
        _must_match(part, all_rules(), "no rule")
    for part in wanted:
        _must_match(part, judged, f"no rule for a {' or '.join(sorted(kinds))}")
    left = tuple(rule for rule in judged if _is_left(rule, wanted, unwanted))
    if not left:
        raise RequestError(f"the pattern {pattern!r} leaves no rule")
    return left


def chosen(names: Iterable[str], rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules with these ids, or in these chapters or globs, each once; quirks too.

    Raises:
        RequestError: a name is that of no rule.
    """
    found: dict[str, Rule] = {}
    for name in names:
        part = name.strip().upper()
        matching = [rule for rule in rules if _names(rule, part)]
        if not matching:
            raise RequestError(f"no rule is named {name!r}{near(name, rules)}")
        found |= {rule.id: rule for rule in matching}
    return tuple(found.values())


def must_exist(ids: Iterable[str], *, what: str) -> None:
    """Check that each id is that of a rule.

    Args:
        ids: as a person wrote them.
        what: is said of such a rule, for the message: ``which is expected to fail``.

    Raises:
        RequestError: no rule has the id.
    """
    rules = all_rules()
    known = {rule.id for rule in rules}
    for id in ids:
        if id not in known:
            raise RequestError(f"no rule is named {id}, {what}{near(id, rules)}")


def near(name: str, rules: Iterable[Rule]) -> str:
    """A hint for a message about an id that no rule has: the id or the chapter that is meant."""
    wanted, _, number = name.strip().upper().replace("_", "-").partition("-")
    chapters = list(dict.fromkeys(chapter(rule.id) for rule in rules))
    meant = [wanted] if wanted in chapters else get_close_matches(wanted, chapters, n=1)
    if not meant:
        return " ('foricheck rules' lists them)"
    ids = sorted(rule.id for rule in rules if chapter(rule.id) == meant[0])
    id = f"{meant[0]}-{number.lstrip('0').zfill(2)}"
    if number and id in ids:
        return f"; did you mean {id}?"
    if meant[0] != wanted:
        return f"; did you mean {meant[0]}?"
    return f"; those of {meant[0]} are {ids[0]} to {ids[-1]}"


def _must_match(part: str, rules: Sequence[Rule], subject: str) -> None:
    if not any(_matches(rule, part) or part == rule.id for rule in rules):
        hint = "" if part in CHAPTERS or _known(part) else near(part, all_rules())
        raise RequestError(f"{subject} matches {part!r}{hint}")


def _known(part: str) -> bool:
    return any(_names(rule, part) for rule in all_rules())


def _is_left(rule: Rule, wanted: Sequence[str], unwanted: Sequence[str]) -> bool:
    if any(_names(rule, part) for part in unwanted):
        return False
    if not wanted:
        return rule.level is not Level.QUIRK
    return any(_matches(rule, part) for part in wanted)


def _matches(rule: Rule, part: str) -> bool:
    """Whether a part of a pattern selects a rule; quirks are selected by their whole ids only."""
    return part == rule.id or (rule.level is not Level.QUIRK and _names(rule, part))


def _names(rule: Rule, part: str) -> bool:
    """Whether a rule has this id, is in this chapter, or matches this glob."""
    return part == chapter(rule.id) or fnmatchcase(rule.id, part)
