"""Options that take a number of seconds."""

from __future__ import annotations

import math

import click

__all__ = ["positive"]


def positive(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Check that the value is above 0 and finite, and return it.

    Raises:
        click.BadParameter: it is not.
    """
    if not 0 < value < math.inf:
        raise click.BadParameter("expected a number of seconds above 0", context, parameter)
    return value
