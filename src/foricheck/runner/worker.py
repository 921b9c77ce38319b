"""The code that runs inside a worker process: load the target, judge by the rules assigned."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType
from typing import NoReturn

from foricheck.comparison.refusals import in_a_line
from foricheck.errors import RequestError
from foricheck.evidence.record import Record
from foricheck.judging.events import RuleResult, RunFinished, RunStarted
from foricheck.runner import cache, isolation
from foricheck.runner.process import HarnessWorkerLost
from foricheck.runner.request import Request
from foricheck.targets.jax import config, flags
from foricheck.targets.wire.process import HarnessKilled, HarnessLost, end_all

__all__ = ["CanariesJudged", "Confirm", "Confirmed", "HarnessAlive", "JudgeCanaries"]
__all__ += ["JudgeChanged", "Order", "Task", "main", "serve", "settle"]


@dataclass(frozen=True)
class Task:
    """The purpose of a worker.

    Attributes:
        request: the target, and how to judge it.
        record: the one case to judge again; without one, the worker waits for orders.
    """

    request: Request
    record: Record | None


@dataclass(frozen=True)
class Order:
    """One rule to judge by.

    Attributes:
        rule: its id.
        isolate_cases: whether to judge case by case, since a worker was lost under the rule.
    """

    rule: str
    isolate_cases: bool = False


@dataclass(frozen=True)
class Confirm:
    """A rule has failed in another process: confirm it in this one.

    Attributes:
        result: of the rule.
    """

    result: RuleResult


@dataclass(frozen=True)
class Confirmed:
    """The result that is reported of a rule that had failed in another process."""

    result: RuleResult


@dataclass(frozen=True)
class JudgeCanaries:
    """No rule is left: judge every canary."""


class JudgeChanged(Exception):
    """The target has changed the judge so that it raises; the message says how."""


@dataclass(frozen=True)
class CanariesJudged:
    """The events since the last rule were those of the canaries (`foricheck.judging.canaries`).

    Attributes:
        at_the_end: whether all of them were.
    """

    at_the_end: bool


@dataclass(frozen=True)
class HarnessAlive:
    """A harness has started, or answers; it is a process group."""

    group: int


def main(task: Task, parent: Connection) -> None:
    """Load the target, judge by the rules assigned, and send events, or a `RequestError`."""
    settle(keeping=task.request.profile != "deep")  # deep runs most programs only once
    serve(parent, lambda: _judge(task, parent))


def settle(*, keeping: bool) -> None:
    """Prepare this process to call targets.

    Args:
        keeping: whether to keep compiled programs on disk.
    """
    isolation.isolate()
    for number in (signal.SIGINT, signal.SIGHUP):  # the parent handles it, and ends this process
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGHUP, signal.SIGTERM))
    os.dup2(2, 1)  # what a target prints must not mix with a report on stdout
    flags.settle(os.environ)
    config.force_host_devices()
    if keeping:
        cache.enable()
    storage = os.path.join(tempfile.gettempdir(), "foricheck-hypothesis")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", storage)  # not the person's directory


def serve(parent: Connection, work: Callable[[], None]) -> None:
    """Do the work, and send the parent the reason if it fails."""
    os.register_at_fork(after_in_child=parent.close)  # which is no worker, whatever it goes on with
    try:
        work()
    except BaseException as error:
        if parent.closed:
            os._exit(1)
        _report_end(parent, error)
    parent.close()


def _report_end(parent: Connection, ended: BaseException) -> None:
    """Send the parent the reason why the work has ended."""
    try:
        raise ended
    except RequestError as error:
        parent.send(error)
    except JudgeChanged as changed:
        parent.send(changed)
    except HarnessLost as lost:
        reported = HarnessWorkerLost(str(lost))
        reported.by_signal = isinstance(lost, HarnessKilled)
        parent.send(reported)
    except (BrokenPipeError, EOFError):
        pass  # the parent is gone
    except Exception as error:  # ours, not the target's: what a target raises is caught at the call
        traceback.print_exc()
        reason = in_a_line(error)
        parent.send(RunFinished("error", f"a bug in foricheck, please report it: {reason}"))


def _judge(task: Task, parent: Connection) -> None:
    from foricheck.judging import run as running
    from foricheck.judging.canaries import CHANGED, Canaries, tampering_in
    from foricheck.judging.confirming import confirmed
    from foricheck.judging.rerun import rerun
    from foricheck.rules.registry import all_rules
    from foricheck.targets.loading import load

    request = task.request
    all_rules()  # imports all that judges, before the target can change what it imports
    target = load(
        request.spec, timeout=request.timeout, on_harness=lambda group: _report(parent, group)
    )
    flags.set_back_config()
    if task.record:
        rerun(target, task.record, parent.send)
        return
    plan = request.plan(target, bundled=request.spec.is_bundled)
    parent.send(RunStarted(plan.header))
    judge, rules = running.Judge(plan, parent.send), {rule.id: rule for rule in plan.rules}
    canaries = Canaries(target, parent.send)
    while True:
        order: Order | Confirm | JudgeCanaries = parent.recv()
        at_the_end = isinstance(order, JudgeCanaries)
        try:
            match order:
                case Order():
                    judge.rule(rules[order.rule], isolate_cases=order.isolate_cases)
                case Confirm(result):
                    again = confirmed(plan, rules[result.id], result, parent.send)
                    parent.send(Confirmed(again))
                    for known in canaries.confirm(confirmed):
                        parent.send(Confirmed(known))
                case JudgeCanaries():
                    pass
            canaries.judge(at_the_end=at_the_end)
        except (HarnessLost, OSError, EOFError):
            raise
        except Exception as error:
            if isinstance(error, pickle.PicklingError) or tampering_in(target):
                raise JudgeChanged(f"{CHANGED} judging raises {in_a_line(error)}") from error
            raise
        parent.send(CanariesJudged(at_the_end))


def _report(parent: Connection, group: int) -> None:
    """Report a harness that is alive, and from now on end it with this process."""
    signal.signal(signal.SIGTERM, _exit)
    parent.send(HarnessAlive(group))


def _exit(signum: int, frame: FrameType | None) -> NoReturn:
    """End the harness, and then this process."""
    end_all()
    os._exit(128 + signum)
