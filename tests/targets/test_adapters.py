"""Targets by name: each can be found, installed and run, or it is told what is missing."""

from __future__ import annotations

import configparser
import itertools
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from foricheck.conformance.targets import ADAPTERS, Adapter
from foricheck.errors import RequestError
from foricheck.targets import adapters
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.loading import load
from foricheck.targets.spec import TargetSpec

ROOT = Path(__file__).parents[2]
EXTRAS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]
each = pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=list(ADAPTERS))


@pytest.fixture
def imaginary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two adapters that cannot run here."""
    for adapter in (
        Adapter(
            name="imaginary",
            place="nosuch_package:loop",
            packages=("nosuch_package",),
            extra="imagined",
            summary="A loop of a library that is not there.",
        ),
        Adapter(
            name="by-tool",
            place="exec:nosuch-tool",
            packages=("nosuch_package.part",),
            tools=("nosuch-tool",),
            summary="A harness in a language that is not there.",
        ),
    ):
        monkeypatch.setitem(ADAPTERS, adapter.name, adapter)


def complaint(name: str) -> str:
    with pytest.raises(RequestError) as raised:
        load(TargetSpec(name))
    return str(raised.value)


def environments(text: str) -> set[str]:
    """Names of tox environments, braces expanded."""
    braces = r"([^{},\s]*)\{([^}]*)\}"
    return {
        prefix + choice.strip()
        for prefix, choices in re.findall(braces, text)
        for choice in choices.split(",")
    }


class TestRegistry:
    @each
    def test_a_name_has_no_colon_and_is_no_file(self, adapter: Adapter) -> None:
        assert ":" not in adapter.name
        assert not adapter.name.endswith(".py")

    @each
    def test_a_summary_is_a_sentence(self, adapter: Adapter) -> None:
        assert adapter.summary.endswith(".")

    @each
    def test_what_it_lacks_is_a_capability(self, adapter: Adapter) -> None:
        assert set(adapter.without) <= set(CAPABILITIES)

    @each
    def test_it_can_be_loaded_or_what_it_needs_is_told(self, adapter: Adapter) -> None:
        if adapter.place.startswith("exec:"):
            pytest.skip("a harness is a process, and has tests of its own")
        try:
            assert load(TargetSpec(adapter.name)).name == adapter.name
        except RequestError as error:
            assert any(name in str(error) for name in adapter.packages)  # noqa: PT017

    @each
    def test_its_module_is_shipped(self, adapter: Adapter) -> None:
        module, _, _ = adapter.place.partition(":")
        if module.startswith("foricheck."):
            assert find_spec(module)

    @each
    def test_its_extra_is_one_of_the_project(self, adapter: Adapter) -> None:
        assert not adapter.extra or adapter.extra in EXTRAS

    def test_each_has_a_tox_environment_of_the_label(self) -> None:
        tox = configparser.ConfigParser(interpolation=None)
        tox.read(ROOT / "tox.ini")
        sections = [name.removeprefix("testenv:") for name in tox.sections()]
        made = set(itertools.chain.from_iterable(map(environments, sections)))
        wanted = {f"target-{name}" for name in ADAPTERS}
        label = next(
            line for line in tox["tox"]["labels"].splitlines() if line.startswith("targets")
        )
        assert wanted <= made
        assert wanted <= environments(label)

    def test_it_can_be_read_without_jax(self) -> None:
        code = (
            "import foricheck.targets.adapters, sys; "
            "sys.exit(bool({'jax', 'haiku', 'keras', 'numpyro'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


class TestNames:
    def test_a_target_has_the_name_that_was_typed(self) -> None:
        assert load(TargetSpec("flax")).name == "flax"

    def test_what_it_does_not_claim_is_taken_away(self) -> None:
        assert "one_trace" not in load(TargetSpec("flax")).capabilities

    def test_so_is_what_the_person_takes_away(self) -> None:
        assert "vmap" not in load(TargetSpec("flax", without=("vmap",))).capabilities

    def test_its_version_is_known(self) -> None:
        import flax

        assert load(TargetSpec("flax")).versions == {"flax": flax.__version__}

    def test_near_matches_are_offered(self) -> None:
        assert "did you mean flax?" in complaint("flaks")

    @pytest.mark.parametrize("name", ["flaks", "nothing-like-it"])
    def test_the_list_is_named(self, name: str) -> None:
        assert f"no target is named {name!r}" in complaint(name)
        assert "`foricheck targets`" in complaint(name)
        assert "module:attribute" in complaint(name)

    @pytest.mark.usefixtures("imaginary")
    def test_a_missing_package_is_told_with_how_to_install_it(self) -> None:
        assert complaint("imaginary") == (
            "imaginary needs nosuch_package, which is not installed: "
            "pip install 'foricheck[imagined]'"
        )

    @pytest.mark.usefixtures("imaginary")
    def test_all_that_is_missing_is_told(self) -> None:
        assert complaint("by-tool") == (
            "by-tool needs nosuch_package.part and nosuch-tool, which are not installed"
        )


def test_a_command_may_name_the_directory_of_the_rules() -> None:
    adapter = Adapter(name="x", place="exec:node {conformance}/x.mjs", summary="It.")
    directory = Path(adapters.place(adapter).removeprefix("exec:node ")).parent
    assert (directory / "documents.toml").is_file()
