"""Keras on a backend: the choice is made once, when ``keras`` is imported."""

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
        backend: as Keras names it.
        namespace: the arrays that it takes.
        without: capabilities that it does not claim, beside those that its parameters tell.

    Raises:
        RequestError: keras is imported already, on another one.
    """
    made = of_callable(ops(backend).fori_loop, array_namespace=namespace, without=without)
    return replace(made, imports={"loop": _IMPORTS.format(backend=backend)})


def ops(backend: str) -> ModuleType:
    """``keras.ops`` on a backend.

    Raises:
        RequestError: keras is imported already, on another one.
    """
    os.environ["KERAS_BACKEND"] = backend
    chosen = import_module("keras").config.backend()
    if chosen != backend:
        raise RequestError(f"keras is imported already, on {chosen}: it cannot be on {backend} too")
    return import_module("keras.ops")
