"""Keras on a backend, which is chosen once, when ``keras`` is imported."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from types import ModuleType

from foricheck.errors import RequestError
from foricheck.targets.loading import of_callable
from foricheck.targets.target import Namespace, Target

__all__ = ["ops", "target"]

_IMPORTS = """\
import os

os.environ["KERAS_BACKEND"] = "{backend}"
from keras.ops import fori_loop"""


def target(backend: str, *, namespace: Namespace, without: Iterable[str] = ()) -> Target:
    """``keras.ops.fori_loop`` on a backend.

    Args:
        backend: Keras's name of the backend.
        namespace: the arrays it accepts.
        without: capabilities it lacks, in addition to those inferred from its parameters.

    Raises:
        RequestError: keras is already imported with another backend.
    """
    made = of_callable(ops(backend).fori_loop, array_namespace=namespace, without=without)
    return replace(made, imports={"loop": _IMPORTS.format(backend=backend)})


def ops(backend: str) -> ModuleType:
    """``keras.ops`` on a backend.

    Raises:
        RequestError: keras is already imported with another backend.
    """
    os.environ["KERAS_BACKEND"] = backend
    chosen = import_module("keras").config.backend()
    if chosen != backend:
        raise RequestError(f"keras is already imported with backend {chosen}, not {backend}")
    return import_module("keras.ops")
