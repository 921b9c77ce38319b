"""From a target to its subjects: which class calls it, in which ways."""

from __future__ import annotations

from foricheck.cases.variants import Way
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

__all__ = ["Subjects"]


class Subjects:
    """The subjects of one target; what is compiled for one is kept for the next rule.

    Args:
        target: the implementation under test.
        singly: call it with one case at a time, whatever the way.

    Attributes:
        target: the implementation under test.
    """

    def __init__(self, target: Target, *, singly: bool = False) -> None:
        self.target = target
        self._singly = singly
        self._made: dict[tuple[str, Way], Subject] = {}

    def of(self, rule: Rule) -> list[Subject]:
        """The subjects that a rule is judged on: one for each way that target and machine allow."""
        ways = self.target.ways(rule.ways)
        return [self.one(rule.kind, way) for way in ways if _has_devices(way)]

    def one(self, kind: str, way: Way) -> Subject:
        """The subject of a kind, called in one way."""
        if (kind, way) not in self._made:
            self._made[kind, way] = subject = _make(self.target, kind, way)
            subject.lanes = 1 if self._singly else subject.lanes
        return self._made[kind, way]


def _has_devices(way: Way) -> bool:
    """Whether there is something to map over: pmap on one device says nothing."""
    if way.variant != "with_pmap":
        return True
    import jax

    return jax.device_count() > 1


def _make(target: Target, kind: str, way: Way) -> Subject:
    match kind, target.namespace:
        case "loop", "jax":
            from foricheck.targets.jax.loop import JaxLoop

            return JaxLoop(target, way)
        case "loop", "numpy":
            from foricheck.targets.numpy.loop import NumpyLoop

            return NumpyLoop(target, way)
        case "loop", "keras":
            from foricheck.targets.keras.loop import KerasLoop

            return KerasLoop(target, way)
        case "recurrence", "jax":
            from foricheck.targets.jax.recurrence import JaxRecurrence

            return JaxRecurrence(target, way)
        case "recurrence", "numpy":
            from foricheck.targets.numpy.recurrence import NumpyRecurrence

            return NumpyRecurrence(target, way)
        case "loop", "wire":
            from foricheck.targets.wire.loop import WireLoop

            return WireLoop(target, way)
        case "recurrence", "wire":
            from foricheck.targets.wire.recurrence import WireRecurrence

            return WireRecurrence(target, way)
        case "loop", "engine":
            from foricheck.targets.engine.loop import EngineLoop

            return EngineLoop(target, way)
        case "recurrence", "engine":
            from foricheck.targets.engine.recurrence import EngineRecurrence

            return EngineRecurrence(target, way)
        case _:
            raise ValueError(f"no subject for a {kind} over {target.namespace}")
