"""The process that loads and calls the target."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection

from foricheck import cache, environment
from foricheck.events import RunFinished
from foricheck.replays import Record
from foricheck.request import Request, RequestError

__all__ = ["Task", "main"]


@dataclass(frozen=True)
class Task:
    """What a worker is to do.

    Attributes:
        request: the target and how to judge it.
        record: the one case to judge again, or None for a whole run.
        judged: the ids of rules that need no judging any more.
        careful: the id of the rule under which the target was lost, to be judged case by case.
    """

    request: Request
    record: Record | None
    judged: frozenset[str]
    careful: str | None


def main(task: Task, events: Connection) -> None:
    """Load the target, judge it, and send what happens; a `RequestError` is sent as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends this process
    os.dup2(2, 1)  # what a target prints must not mix with a report on stdout
    environment.force_host_devices()
    if task.request.profile != "deep":  # too many programs, each met once
        cache.enable()
    storage = os.path.join(tempfile.gettempdir(), "foricheck-hypothesis")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", storage)  # not where the person works
    try:
        _judge(task, events)
    except RequestError as error:
        events.send(error)
    except BrokenPipeError:
        pass  # nobody listens any more: the parent is gone
    except Exception as error:  # ours, not the target's: what a target raises is caught at the call
        traceback.print_exc()
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        events.send(RunFinished("error", f"a bug in foricheck, please report it: {said}"))
    events.close()


def _judge(task: Task, events: Connection) -> None:
    from foricheck import running
    from foricheck.targets.loading import load

    request = task.request
    target = load(request)
    if task.record:
        running.rerun(target, task.record, events.send)
        return
    plan = running.plan(
        target,
        pattern=request.rules,
        profile=request.profile,
        seed=request.seed,
        expected=request.expected,
        bundled=request.target is None,
    )
    running.run(plan, events.send, judged_already=task.judged, careful=task.careful)
