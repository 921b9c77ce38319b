"""Translate the text of a case to the names of an array namespace: NumPy's or Keras's."""

from __future__ import annotations

from foricheck.programs.keras_text import over_keras

__all__ = ["written"]


def written(text: str, namespace: str) -> str:
    """The text translated for a namespace such as ``jax.numpy`` or ``keras.ops``."""
    return over_keras(text) if namespace.partition(".")[0] == "keras" else text
