"""Which implementations are judged, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from foricheck.conformance.zoo import MISTAKES, Member, members
from foricheck.errors import RequestError, did_you_mean
from foricheck.rules.chapters import chapter
from foricheck.rules.registry import all_rules
from foricheck.rules.selection import select
from foricheck.targets.target import BUNDLED
from foricheck.zoo.trials import Expected, Trial

__all__ = ["COLLECTIONS", "DEFAULT_COLLECTIONS", "ZooRequest", "trials"]

COLLECTIONS = ("wrong", "right", "mutants", "equivalents")
"""All collections of implementations."""

DEFAULT_COLLECTIONS = ("wrong", "right", "mutants")
"""The collections that are judged when none is named."""

_PROFILES: dict[Expected, str] = {"caught": "default", "equivalent": "quick", "passes": "quick"}
"""Wrong ones are judged at the usual profile; the others, by every rule, at a quicker one."""


@dataclass(frozen=True, kw_only=True)
class ZooRequest:
    """What a person requests of the zoo.

    Attributes:
        patterns: names, chapters, families or kinds of mistake, ``*`` for any characters; none is
            all.
        collections: of `COLLECTIONS`.
        rules: ids, chapters or globs to judge by, comma separated; None is all.
        every_rule: whether wrong members are judged by all rules, not only by the declared ones.
        profile: of every trial; None is the usual one of its collection.
        seeds: how many seeds, from ``seed`` on.
        seed: the first of them.
    """

    patterns: tuple[str, ...] = ()
    collections: tuple[str, ...] = DEFAULT_COLLECTIONS
    rules: str | None = None
    every_rule: bool = False
    profile: str | None = None
    seeds: int = 1
    seed: int = 0

    @property
    def all_seeds(self) -> tuple[int, ...]:
        """The seeds, one run of a trial each."""
        return tuple(range(self.seed, self.seed + self.seeds))

    @property
    def is_whole(self) -> bool:
        """Whether every wrong implementation and every rule is requested."""
        return not self.patterns and self.rules is None and "wrong" in self.collections


def trials(request: ZooRequest) -> tuple[Trial, ...]:
    """The requested trials, the longest first.

    Raises:
        RequestError: a pattern matches no implementation or no rule.
    """
    found = [trial for trial in _all(request) if trial.path is None or trial.rules]
    for pattern in request.patterns:
        if not any(_matches(pattern, trial) for trial in found):
            what = f"no requested implementation of the zoo is called {pattern}"
            known = {name for trial in found for name in _names(trial)}
            raise RequestError(f"{what}{did_you_mean(pattern, known)}")
    if not found:
        raise RequestError("no implementation of the zoo is judged by these rules")
    every = request.patterns or ("*",)
    chosen = (trial for trial in found if any(_matches(pattern, trial) for pattern in every))
    return tuple(sorted(chosen, key=_place))


def _place(trial: Trial) -> tuple[bool, int]:
    """Right ones come first, since they take longest; then one kind of mistake after the other."""
    known = trial.group in MISTAKES
    return trial.expected != "passes", MISTAKES.index(trial.group) if known else len(MISTAKES)


def _all(request: ZooRequest) -> Iterator[Trial]:
    wanted = frozenset(rule.id for rule in select(request.rules, frozenset({"loop", "recurrence"})))
    for trial in _of_collections(request):
        rules = tuple(id for id in trial.rules if request.rules is None or id in wanted)
        declared = tuple(id for id in trial.declared if id in rules)
        profile = request.profile or _PROFILES[trial.expected]
        yield replace(
            trial, rules=rules, declared=declared, profile=profile, seeds=request.all_seeds
        )


def _of_collections(request: ZooRequest) -> Iterator[Trial]:
    if "right" in request.collections:
        yield _reference()
        yield from (_right(member) for member in members() if member.right)
    if "wrong" in request.collections:
        wrong = (member for member in members() if not member.right)
        yield from (_wrong(member, every_rule=request.every_rule) for member in wrong)
    mutants = list(_mutants()) if {"mutants", "equivalents"} & set(request.collections) else []
    if "mutants" in request.collections:
        yield from (trial for trial in mutants if trial.expected == "caught")
    if "equivalents" in request.collections:
        yield from (trial for trial in mutants if trial.expected == "equivalent")


def _reference() -> Trial:
    return Trial(
        name=BUNDLED,
        path=None,
        kind="loop and recurrence",
        group="right",
        story="jax.lax.fori_loop, and the NNX recurrence built on it.",
        expected="passes",
        rules=_ids("loop", "recurrence"),
    )


def _right(member: Member) -> Trial:
    return Trial(
        name=member.name,
        path=member.path,
        kind=member.kind,
        group="right",
        story=member.story,
        expected="passes",
        rules=_ids(member.kind),
    )


def _wrong(member: Member, *, every_rule: bool) -> Trial:
    others = tuple(rule.id for rule in all_rules() if rule.kind == member.kind)
    return Trial(
        name=member.name,
        path=member.path,
        kind=member.kind,
        group=str(member.mistake),
        story=member.story,
        expected="caught",
        rules=others if every_rule else member.caught_by,
        declared=member.caught_by,
        as_jax=member.as_jax,
    )


def _mutants() -> Iterator[Trial]:
    from foricheck.conformance.zoo.mutants import mutants

    for mutant in mutants():
        yield Trial(
            name=mutant.name,
            path=mutant.path,
            kind=mutant.kind,
            group=f"mutant of {mutant.source.function}",
            story=" ".join((mutant.story, mutant.equivalent)).strip(),
            expected="equivalent" if mutant.equivalent else "caught",
            rules=_sooner(_ids(mutant.kind), mutant.source.order),
            any_rule=True,
            silence=15.0,
            original=mutant.source.original,
        )


def _sooner(rules: tuple[str, ...], first: tuple[str, ...]) -> tuple[str, ...]:
    """The rules, with those of some chapters and ids moved to the front."""
    early = [id for one in first for id in rules if one in (id, chapter(id))]
    return tuple(dict.fromkeys((*early, *rules)))


def _ids(*kinds: str) -> tuple[str, ...]:
    return tuple(rule.id for rule in select(None, frozenset(kinds)))


def _matches(pattern: str, trial: Trial) -> bool:
    """Whether a pattern matches one of the trial's names."""
    return any(fnmatchcase(name, pattern) for name in _names(trial))


def _names(trial: Trial) -> tuple[str, ...]:
    """Its own name, its kind of mistake, its chapter and its family: ``grad``, ``grad.leaves``."""
    *_, chapter, family = ("", "", *(trial.path or "").partition(":")[0].split("."))
    return trial.name, trial.group, chapter, f"{chapter}.{family}"
