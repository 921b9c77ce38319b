"""A target that says itself what it is: ``module:attribute`` names an instance of `Target`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from foricheck.conformance.targets.written import written
from foricheck.errors import RequestError
from foricheck.judging import plan as planning
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec
from foricheck.targets.target import Target

SOURCE = """
from foricheck.targets.target import Target

def loop(lower, upper, body_fun, init_val):
    return init_val

target = Target(
    name="a name of its own",
    callables={"loop": loop, "recurrence": loop},
    capabilities=frozenset({"pytree", "refuse"}),
    namespace="numpy",
    imports={"loop": "", "recurrence": ""},
    versions={"a-library": "1.2"},
)
one = Target(
    name="one", callables={"loop": loop}, capabilities=frozenset(), namespace="numpy", imports={}
)
"""


@pytest.fixture(autouse=True)
def _written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "declared.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "declared", raising=False)


def loaded(attribute: str = "target", **asked: Any) -> Target:
    return load(TargetSpec(f"declared.py:{attribute}", **asked))


def test_it_is_named_as_the_person_named_it() -> None:
    assert loaded().name == "declared.py:target"


def test_it_keeps_what_it_says() -> None:
    target = loaded()
    assert (target.namespace, target.capabilities) == ("numpy", {"pytree", "refuse"})


def test_what_the_person_says_is_lacking_is_taken_away() -> None:
    assert loaded(without=("refuse",)).capabilities == {"pytree"}


def test_a_kind_narrows_it() -> None:
    assert loaded(kind="recurrence").kinds == {"recurrence"}


def test_a_kind_that_it_is_not_is_refused() -> None:
    with pytest.raises(RequestError, match="one is a loop, not a recurrence"):
        loaded("one", kind="recurrence")


def test_other_arrays_are_refused() -> None:
    with pytest.raises(RequestError, match=r"the arrays of .* are numpy's"):
        loaded(array_namespace="jax")


def test_its_versions_are_in_the_report() -> None:
    header = planning.plan(loaded()).header
    assert header.environment.versions["a-library"] == "1.2"


def nested(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Calls the body by way of another function."""

    def step(i: Any, value: Any) -> Any:
        return body_fun(i, value)

    for i in range(lower, upper):
        init_val = math.prod((step(i, init_val),))  # type: ignore[name-defined]  # noqa: F821
    return init_val


class TestWritten:
    def test_its_script_needs_only_the_lines_it_is_given(self) -> None:
        target = written(nested, imports="import math", namespace="numpy")
        scope: dict[str, Any] = {}
        exec(target.imports["loop"], scope)
        assert scope["fori_loop"](0, 3, lambda i, c: c + i, 1) == 4

    def test_its_script_has_neither_annotations_nor_the_docstring(self) -> None:
        shown = written(nested, imports="import math").imports["loop"]
        assert "def fori_loop(lower, upper, body_fun, init_val):\n" in shown
        assert "by way of" not in shown
        assert "Any" not in shown

    def test_it_lacks_what_its_parameters_tell_and_what_it_says(self) -> None:
        lacking = written(nested, imports="", without=("reverse",)).capabilities
        assert not lacking & {"unroll", "reverse"}
