"""Keras is on one backend for as long as a process lives."""

from __future__ import annotations

import os
import sys
from types import ModuleType, SimpleNamespace

import pytest

from foricheck.conformance.targets import keras_backend
from foricheck.errors import RequestError


@pytest.fixture(autouse=True)
def _imported_on_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that says it is Keras on JAX."""
    keras = ModuleType("keras")
    keras.__dict__["config"] = SimpleNamespace(backend=lambda: "jax")
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, "keras.ops", ModuleType("keras.ops"))
    monkeypatch.setenv("KERAS_BACKEND", "jax")


def test_another_backend_than_the_imported_one_is_refused() -> None:
    with pytest.raises(RequestError, match="keras is already imported with backend jax, not numpy"):
        keras_backend.ops("numpy")


def test_the_same_backend_is_taken() -> None:
    assert keras_backend.ops("jax") is sys.modules["keras.ops"]


def test_the_backend_is_chosen_before_keras_is_imported() -> None:
    keras_backend.ops("jax")
    assert os.environ["KERAS_BACKEND"] == "jax"
