"""The body ``counted`` written out in each form: nothing but a number tells two of them apart."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax

__all__ = ["counted"]

Body = Callable[..., Any]


def counted(form: str, m: int) -> Body:
    """A body that gives ``3 c + i + m`` by Python's operators, and keeps m where its form says."""
    return _FORMS.get(form, _closed)(m)


def _closed(m: int) -> Body:
    return lambda i, c: c * 3 + i + m


def _default(m: int) -> Body:
    return lambda i, c, m=m: c * 3 + i + m


def _keyword_default(m: int) -> Body:
    return lambda i, c, *, m=m: c * 3 + i + m


def _first(m: int, i: Any, c: Any) -> Any:
    return c * 3 + i + m


def _last(i: Any, c: Any, m: int) -> Any:
    return c * 3 + i + m


class _Counter:
    def __init__(self, m: int) -> None:
        self.m = m

    def step(self, i: Any, c: Any) -> Any:
        """The body as a method."""
        return c * 3 + i + self.m

    __call__ = step


def _wrapping(m: int) -> Body:
    @functools.wraps(_last)
    def body(i: Any, c: Any) -> Any:
        return _last(i, c, m)

    return body


def _class_method(m: int) -> Body:
    return type("Counter", (), {"m": m, "step": classmethod(_of_class)}).step  # type: ignore[attr-defined,no-any-return]


def _of_class(cls: Any, i: Any, c: Any) -> Any:
    return c * 3 + i + cls.m


_FORMS: dict[str, Callable[[int], Body]] = {
    "default": _default,
    "keyword default": _keyword_default,
    "partial": lambda m: functools.partial(_first, m),
    "partial keyword": lambda m: functools.partial(_last, m=m),
    "method": lambda m: _Counter(m).step,
    "object": _Counter,
    "wraps": _wrapping,
    "class method": _class_method,
    "jit": lambda m: jax.jit(_closed(m)),
    "checkpoint": lambda m: jax.checkpoint(_closed(m)),
    "arguments": lambda m: lambda *arguments: _first(m, *arguments),
}
