"""Keras on a backend: the choice is made once, when ``keras`` is imported."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

from foricheck.request import RequestError

__all__ = ["chosen", "ops"]


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


def chosen(backend: str) -> str:
    """The lines of a script that bind ``fori_loop`` to the one of a backend."""
    return f"""\
import os

os.environ["KERAS_BACKEND"] = "{backend}"
from keras.ops import fori_loop"""
