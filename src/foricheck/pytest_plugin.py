"""The rules as a pytest suite: ``pytest --pyargs foricheck.conformance --target pkg.loops:f``.

Each property becomes one test per variant, so that ``-k``, ``-x``, ``--lf``, ``-n`` and
``--junitxml`` work as usual. The plugin does nothing in any other suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from foricheck.comparison.violations import Violation
    from foricheck.evidence.failure import Failure
    from foricheck.judging.canaries import Watch  # noqa: F401  # named in a string below
    from foricheck.judging.plan import Plan
    from foricheck.judging.subjects import Subjects  # noqa: F401  # named in a string below
    from foricheck.rules.rule import Rule
    from foricheck.runner.elsewhere import Elsewhere  # noqa: F401  # named in a string below
    from foricheck.targets.subject import Subject

__all__ = ["RuleItem"]

_NAMES = ("kind", "profile", "rules", "without", "array_namespace", "expect_failures", "seed")
"""The options, which on the command line begin with ``--foricheck-``."""

_SUITE = "foricheck.conformance"
"""What ``--pyargs`` is given."""

_plan = pytest.StashKey["Plan"]()
_subjects = pytest.StashKey["Subjects"]()
_watch = pytest.StashKey["Watch"]()
_elsewhere = pytest.StashKey["Elsewhere"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of ``foricheck run`` that apply to pytest.

    What is absent is taken from ``[tool.foricheck]`` of pyproject.toml.
    """
    group = parser.getgroup("foricheck", "foricheck: is this loop a fori_loop?")
    add = group.addoption
    add("--target", help="module:attribute or path.py:attribute; the bundled reference if absent")
    add("--foricheck-kind", choices=("loop", "recurrence"), help="what the target claims to be")
    add("--foricheck-profile", help="quick, default or deep")
    add("--foricheck-rules", help="ids, chapters or globs, comma separated")
    add("--foricheck-without", help="capabilities the target lacks, comma separated")
    add("--foricheck-array-namespace", choices=("jax", "numpy"), help="arrays given to the target")
    add("--foricheck-expect-failures", metavar="FILE", help="TOML file of expected failures")
    add("--foricheck-seed", type=int, help="the seed of every draw")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Load the target before anything is collected, so that an error is reported once."""
    config = session.config
    if config.getoption("--target") or any(arg.startswith(_SUITE) for arg in config.args):
        _the_plan(config)


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[RuleItem] | None:
    """Collect a property as one item per variant."""
    rule: Rule | None = getattr(obj, "foricheck_rule", None)
    if rule is None or not name.startswith("test_"):
        return None
    return list(_items(collector, name, rule))


def pytest_report_header(config: pytest.Config) -> str | None:
    """The target and the seed."""
    return _header(config.stash[_plan]) if _plan in config.stash else None


def pytest_report_collectionfinish(config: pytest.Config) -> str | None:
    """The same, where the target was loaded only when a property was collected."""
    named = config.getoption("--target")
    return None if named or _plan not in config.stash else _header(config.stash[_plan])


def _header(plan: Plan) -> str:
    return f"foricheck: target {plan.target.name}, seed {plan.seed}"


class RuleItem(pytest.Item):
    """A rule, judged in one variant."""

    def __init__(self, *, rule: Rule, subject: Subject | None, why: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.rule = rule
        self.subject = subject
        self.why = why
        self.failure: Failure | None = None

    def runtest(self) -> None:
        """Judge the rule; a violation is the failure."""
        from foricheck.judging.expectations import expected_failure
        from foricheck.judging.judge import judge
        from foricheck.judging.task import task_of

        if self.subject is None:
            pytest.skip(self.why)
        plan = self.config.stash[_plan]
        judgement = judge(task_of(plan, self.rule, self.subject))
        if changed := self.config.stash[_watch].tampering():
            pytest.fail(f"no verdict: {changed}", pytrace=False)
        self.user_properties += [("cases", judgement.cases), ("digest", judgement.digest.hex())]
        if judgement.known_deviation:
            pytest.xfail(judgement.known_deviation)
        failure = self._failure(judgement.violation) if judgement.violation else None
        if found := expected_failure(plan, self.rule, self.subject.variant, failure):
            self.add_marker(pytest.mark.xfail(reason=found.reason, strict=found.strict))
        elif judgement.violation and not self._is_confirmed(judgement.violation):
            return
        if judgement.violation:
            raise judgement.violation

    def _is_confirmed(self, violation: Violation) -> bool:
        """Whether a violation is one in a process of its own too, with how it differs there."""
        from foricheck.judging.variants import skipped

        failure = self._diagnosed(violation)
        found = replace(skipped(self.rule, ""), status="failed", failure=failure)
        result = self.config.stash[_elsewhere](found)
        if result.status == "skipped":
            pytest.skip(result.reason)
        self.failure = result.failure
        return result.status == "failed"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Format a violation as foricheck does, anything else as pytest does."""
        from foricheck.comparison.violations import Violation
        from foricheck.report.text import format_failure
        from foricheck.targets.wire.process import HarnessLost

        if isinstance(excinfo.value, HarnessLost):
            return f"{self.rule.id}: the harness {excinfo.value}"
        if isinstance(excinfo.value, Violation):
            failure = self.failure or self._diagnosed(excinfo.value)
            return format_failure(failure, level=self.rule.level.value)
        return super().repr_failure(excinfo)

    def _failure(self, violation: Violation) -> Failure:
        from foricheck.evidence.from_violation import failure_from_violation

        assert self.subject is not None
        return failure_from_violation(self.rule, self.subject, violation)

    def _diagnosed(self, violation: Violation) -> Failure:
        from foricheck.judging.diagnosing import diagnosed

        assert self.subject is not None
        return diagnosed(self.config.stash[_plan], self.rule, self.subject, violation)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The location of the property, and the id of the rule."""
        line = self.rule.prop.__code__.co_firstlineno
        return self.path, line, f"{self.rule.id} {self.name}"


def _items(collector: pytest.Module | pytest.Class, name: str, rule: Rule) -> Iterator[RuleItem]:
    plan = _the_plan(collector.config)
    # By id: pytest may import a chapter of an editable install under another module name.
    chosen = {each.id: each for each in plan.rules}
    if rule.id not in chosen:
        return
    rule = chosen[rule.id]
    lacking = rule.lacking(plan.target.capabilities)
    able: list[Subject | None] = []
    if not lacking:
        able += collector.config.stash[_subjects].of(rule)
    why = f"the target lacks {', '.join(lacking)}" if lacking else "no variant fits"
    for subject in able or [None]:
        label = f"{rule.id}-{subject.variant}" if subject else rule.id
        item = RuleItem.from_parent(
            collector, name=f"{name}[{label}]", rule=rule, subject=subject, why=why
        )
        item.add_marker(rule.chapter)
        yield item


def _the_plan(config: pytest.Config) -> Plan:
    """The plan; the target is loaded once, the bundled one when a property is collected."""
    if _plan not in config.stash:
        from foricheck.errors import RequestError
        from foricheck.judging import canaries, subjects
        from foricheck.targets.jax.config import force_host_devices

        force_host_devices()
        try:
            config.stash[_plan] = _planned(config)
        except RequestError as error:
            raise pytest.UsageError(f"foricheck: {error}") from error
        config.stash[_subjects] = subjects.Subjects(config.stash[_plan].target)
        config.stash[_watch] = canaries.Watch(config.stash[_plan].target)
        for chapter in {rule.chapter for rule in config.stash[_plan].rules}:
            config.addinivalue_line("markers", f"{chapter}: the chapter {chapter} of the rules")
    return config.stash[_plan]


def _planned(config: pytest.Config) -> Plan:
    from foricheck.expected import file as expectations
    from foricheck.runner.elsewhere import Elsewhere
    from foricheck.runner.request import Request
    from foricheck.targets.jax import flags
    from foricheck.targets.loading import load
    from foricheck.targets.spec import TargetSpec

    options = _options(config)
    expected = options.get("expect_failures")
    without = options.get("without", "").split(",")
    spec = TargetSpec(
        target=options.get("target"),
        kind=options.get("kind"),
        array_namespace=options.get("array_namespace"),
        without=tuple(part.strip() for part in without if part.strip()),
    )
    request = Request(
        spec=spec,
        profile=options.get("profile", "default"),
        rules=options.get("rules"),
        seed=options.get("seed", 0),
        expected=expectations.read(Path(expected)) if expected else {},
    )
    target = load(spec)
    config.stash[_elsewhere] = Elsewhere(target, request)
    config.add_cleanup(config.stash[_elsewhere].close)
    flags.refuse()
    return request.plan(target, bundled=spec.is_bundled)


def _options(config: pytest.Config) -> dict[str, Any]:
    """The options by name: those of the command line, else those of pyproject.toml."""
    from foricheck.runner.settings import settings_of

    target = config.getoption("--target")
    given = {name: config.getoption(f"--foricheck-{name.replace('_', '-')}") for name in _NAMES}
    given = {name: value for name, value in given.items() if value is not None}
    configured = settings_of(config.invocation_params.dir).options(target)
    return configured | given | ({"target": target} if target else {})
