"""Each test of a harness is run with the harness of each language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .driver import Harness, started
from .languages import LANGUAGES


@pytest.fixture(scope="session", params=LANGUAGES)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What starts a harness."""
    return LANGUAGES[request.param].command(tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def harness(command: list[str]) -> Iterator[Harness]:
    """A harness that runs as long as the tests: no case may depend on those before."""
    with started(command) as running:
        yield running
