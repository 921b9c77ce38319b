"""The process that judges implementations of the zoo, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection

from foricheck.judging.compilations import forget
from foricheck.runner import cache, worker
from foricheck.zoo.judge_trial import judge_trial
from foricheck.zoo.trials import Trial

__all__ = ["Ready", "main"]


@dataclass(frozen=True)
class Ready:
    """The worker waits for a trial."""


def main(keeping: bool, parent: Connection) -> None:
    """Judge each trial that the parent sends, and send back its events, then `Ready`.

    Args:
        keeping: whether compiled programs are kept on the disk.
        parent: the connection to the process that sends trials.
    """
    worker.settle(keeping=keeping)
    worker.serve(parent, lambda: _judge(parent))


def _judge(parent: Connection) -> None:
    parent.send(Ready())
    while True:
        trial: Trial = parent.recv()
        if len(trial.seeds) > 1:  # which compiles many programs
            cache.bound()
        judge_trial(trial, parent.send)
        forget()
        parent.send(Ready())
