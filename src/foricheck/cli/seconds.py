"""Options that take a number of seconds."""

from __future__ import annotations

import math
from typing import TypeVar

import click

__all__ = ["positive"]


Seconds = TypeVar("Seconds", float, float | None)


def positive(context: click.Context, parameter: click.Parameter, value: Seconds) -> Seconds:
    """Check that the value is above 0 and finite, if there is one, and return it.

    Raises:
        click.BadParameter: it is not.
    """
    if value is not None and not 0 < value < math.inf:
        raise click.BadParameter("expected a number of seconds above 0", context, parameter)
    return value
