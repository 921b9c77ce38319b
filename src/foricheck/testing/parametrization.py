"""``foricheck.parametrize``: rules as items of somebody else's pytest module, one a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from foricheck.api import confirming, planned, requested
from foricheck.errors import RequestError
from foricheck.judging.canaries import Watch
from foricheck.judging.events import RuleResult, ignore
from foricheck.judging.plan import Plan
from foricheck.judging.run import Judge
from foricheck.report.text import format_result
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.runner.request import Request
from foricheck.targets.loading import kind_of

__all__ = ["Check", "parametrize"]


def parametrize(
    function: Callable[..., Any],
    *,
    kind: str | None = None,
    rules: str | None = None,
    profile: str = "default",
    without: Iterable[str] = (),
    array_namespace: str | None = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Any:
    """Decorate a test function, so that pytest calls it once for each rule.

    The test has an argument ``check``, and calls it::

        @foricheck.parametrize(fori_loop, expected_failures={"BOUND-02": "bounds are int32 only"})
        def test_fori_loop(check):
            check()

    The items are named ``test_fori_loop[ITER-01]`` and so on. Nothing is judged, and the function
    is not called, before the first of them runs.

    Args:
        function: as for `foricheck.check`, and so are the other arguments.
        kind: ``loop`` or ``recurrence``; inferred from the parameter names when absent.
        rules: ids, chapters or globs, comma separated; every rule but the quirks when absent.
        profile: ``quick``, ``default`` or ``deep``.
        without: capabilities that the function does not have.
        array_namespace: ``jax`` or ``numpy``; ``jax`` when absent and JAX is imported.
        expected_failures: reasons by rule id; such an item is reported as xfailed, and fails if
            the rule holds.
        seed: the seed of every draw.

    Returns:
        A decorator.

    Raises:
        RequestError: an argument is invalid, or the kind cannot be inferred.
    """
    import pytest

    if not callable(function):
        raise RequestError(f"parametrize takes a function, not {function!r}")
    request = requested(
        kind=kind,
        rules=rules,
        profile=profile,
        without=without,
        array_namespace=array_namespace,
        expected_failures=expected_failures,
        seed=seed,
    )
    judging = _Judging(function, request)
    chosen = select(rules, frozenset({kind or kind_of(function)}))
    checks = [pytest.param(Check(judging, rule), id=rule.id) for rule in chosen]
    return pytest.mark.parametrize("check", checks)


class _Judging:
    """One function, judged rule by rule; its compiled programs are kept between rules."""

    def __init__(self, function: Callable[..., Any], request: Request) -> None:
        self._function, self._request = function, request

    @cached_property
    def _plan(self) -> Plan:
        return planned(self._function, self._request)

    @cached_property
    def _judge(self) -> Judge:
        confirm = confirming(self._function, self._plan, self._request)
        return Judge(self._plan, ignore, confirm=confirm)

    @cached_property
    def _watch(self) -> Watch:
        return Watch(self._plan.target)

    def result(self, rule: Rule) -> RuleResult:
        """The judgement on one rule."""
        return self._judge.rule(rule)

    def tampering(self) -> str:
        """How the function changed the judge, or ``""``."""
        return self._watch.tampering()


class Check:
    """One rule of one function; calling it judges the rule, and ends the pytest item.

    Attributes:
        rule: the rule, with ``id``, ``sentence`` and ``level``.
    """

    def __init__(self, judging: _Judging, rule: Rule) -> None:
        self.rule = rule
        self._judging = judging

    def __repr__(self) -> str:
        return f"<check of {self.rule.id}>"

    def __call__(self) -> RuleResult:
        """Judge the rule.

        Returns:
            The result, if the rule holds; otherwise the item fails, is xfailed or is skipped.

        Raises:
            RequestError: the function cannot be judged in this environment.
        """
        import pytest

        __tracebackhide__ = True
        result = self._judging.result(self.rule)
        if changed := self._judging.tampering():
            pytest.fail(f"no verdict: {changed}", pytrace=False)
        match result.status:
            case "failed" | "xpassed":
                pytest.fail(format_result(result), pytrace=False)
            case "xfailed":
                pytest.xfail(result.reason)
            case "skipped":
                pytest.skip(result.reason)
            case "passed":
                pass
        return result
