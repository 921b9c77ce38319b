"""The process that judges implementations of the zoo, one after the other, as it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection

from foricheck.judging.compilations import forget
from foricheck.runner import cache, worker
from foricheck.zoo.judging import judge
from foricheck.zoo.trials import Trial

__all__ = ["Ready", "main"]


@dataclass(frozen=True)
class Ready:
    """The worker has nothing to do."""


def main(keeping: bool, parent: Connection) -> None:
    """Judge each trial that is sent, and send what is found, then `Ready`.

    Args:
        keeping: whether compiled programs are kept on the disk.
        parent: where trials come from.
    """
    worker.settle(keeping=keeping)
    worker.serve(parent, lambda: _judge(parent))


def _judge(parent: Connection) -> None:
    parent.send(Ready())
    while True:
        trial: Trial = parent.recv()
        if len(trial.seeds) > 1:  # it compiles a lot
            cache.bound()
        judge(trial, parent.send)
        forget()
        parent.send(Ready())
