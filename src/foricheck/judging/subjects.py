"""From a target to its subjects: which class calls it, in which variants."""

from __future__ import annotations

from foricheck.cases.variants import Variant
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

__all__ = ["Subjects"]


class Subjects:
    """The subjects of one target; their compiled programs are kept between rules.

    Args:
        target: the implementation under test.
        singly: call it with one case at a time, whatever the variant.
        written_out: as a script does, see `foricheck.targets.subject.Subject`; implies ``singly``.

    Attributes:
        target: the implementation under test.
    """

    def __init__(self, target: Target, *, singly: bool = False, written_out: bool = False) -> None:
        self.target = target
        # Many programs are judged at once by a body that closes over the one it interprets.
        closes_over = target.namespace != "jax" or "closures" in target.capabilities
        self._written_out = written_out or not closes_over
        self._singly = singly or self._written_out
        self._made: dict[tuple[str, Variant], Subject] = {}

    def of(self, rule: Rule) -> list[Subject]:
        """The subjects of a rule: one for each variant that target and machine allow."""
        variants = self.target.variants(rule.variants)
        return [self.one(rule.kind, variant) for variant in variants if _has_devices(variant)]

    def one(self, kind: str, variant: Variant) -> Subject:
        """The subject of a kind, called in one variant."""
        if (kind, variant) not in self._made:
            self._made[kind, variant] = subject = _make(self.target, kind, variant)
            subject.written_out = self._written_out
            subject.lanes = 1 if self._singly else subject.lanes
        return self._made[kind, variant]


def _has_devices(variant: Variant) -> bool:
    """Whether the machine has the devices: pmap over a single device checks nothing."""
    if variant.transform != "with_pmap":
        return True
    import jax

    return jax.device_count() > 1


def _make(target: Target, kind: str, variant: Variant) -> Subject:
    match kind, target.namespace:
        case "loop", "jax":
            from foricheck.targets.jax.loop import JaxLoop

            return JaxLoop(target, variant)
        case "loop", "numpy":
            from foricheck.targets.numpy.loop import NumpyLoop

            return NumpyLoop(target, variant)
        case "loop", "keras":
            from foricheck.targets.keras.loop import KerasLoop

            return KerasLoop(target, variant)
        case "recurrence", "jax":
            from foricheck.targets.jax.recurrence import JaxRecurrence

            return JaxRecurrence(target, variant)
        case "recurrence", "numpy":
            from foricheck.targets.numpy.recurrence import NumpyRecurrence

            return NumpyRecurrence(target, variant)
        case "loop", "wire":
            from foricheck.targets.wire.loop import WireLoop

            return WireLoop(target, variant)
        case "recurrence", "wire":
            from foricheck.targets.wire.recurrence import WireRecurrence

            return WireRecurrence(target, variant)
        case "loop", "engine":
            from foricheck.targets.engine.loop import EngineLoop

            return EngineLoop(target, variant)
        case "recurrence", "engine":
            from foricheck.targets.engine.recurrence import EngineRecurrence

            return EngineRecurrence(target, variant)
        case _:
            raise ValueError(f"no subject for a {kind} over {target.namespace}")
