"""A command called in this process, for tests: how it ended, and what it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from foricheck.cli import main

__all__ = ["Call", "Ended", "called"]


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


Call = Callable[..., Ended]


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """How ``foricheck`` ends with these arguments."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, captured.out, captured.err)
