"""The oracle shares no code with the implementations it judges."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

IMPORT_ALL = """
import importlib, json, pkgutil, sys
import foricheck.oracle
for module in pkgutil.walk_packages(foricheck.oracle.__path__, "foricheck.oracle."):
    importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules loaded by importing the whole oracle in a new interpreter."""
    command = [sys.executable, "-c", IMPORT_ALL]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(json.loads(finished.stdout))


@pytest.mark.parametrize("name", ["jax", "jaxlib", "flax", "chex", "hypothesis", "ml_dtypes"])
def test_the_oracle_does_not_load(name: str, loaded: set[str]) -> None:
    assert name not in loaded


def test_the_oracle_loads_nothing_else_of_foricheck(loaded: set[str]) -> None:
    own = {name for name in loaded if name.startswith("foricheck.")}
    assert {name for name in own if not name.startswith("foricheck.oracle")} == set()
