"""Some of the hostile targets; `python -m foricheck.conformance.hostile` judges all of them."""

from __future__ import annotations

import pytest

from foricheck.conformance.hostile import HOSTILE
from foricheck.conformance.hostile.__main__ import row

SOME = (
    "no rules",
    "kills its process group",
    "sends the parent a message that exits",
    "sends the parent forged results",
    "a list that contains itself",
    "forks a process that lives on",
)


@pytest.mark.parametrize("does", SOME)
def test_a_run_ends_as_it_should(does: str) -> None:
    (target,) = (one for one in HOSTILE if one.does == does)
    line, good = row(target)
    assert good, line


def test_there_are_many() -> None:
    assert len({target.does for target in HOSTILE}) == len(HOSTILE) >= 25
