"""Check whether a harness itself is sound: a few checks, each based on the previous ones.

A wrong harness makes every implementation look wrong, so the checks require as little of the
implementation as possible, and distinguish its mistakes from those of the harness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from foricheck.targets.wire.client import Client
from foricheck.targets.wire.process import HarnessLost
from foricheck.targets.wire.smoke import bodies, messages, states
from foricheck.targets.wire.smoke.bodies import Behaviour, Interpreted
from foricheck.targets.wire.smoke.findings import CrashedLoop, WrongLoop

__all__ = ["Outcome", "checks"]

_PATIENCE = 5.0
"""Seconds that it has to exit by itself after its input has ended."""

_NOT_THE_HARNESS = "the implementation is wrong, not the harness; the rules judge it"
_KEEP_BITS = "keep the bits of x: NaN, infinities, -0.0 and the smallest numbers are no text"
_IN_ORDER = (
    "run the instructions in the order of the list, each on the registers that the last one left"
)
_SAY_SO = 'answer {"unsupported": "why"}: any value would be taken for the implementation\'s'


@dataclass(frozen=True)
class Outcome:
    """The outcome of one check.

    Attributes:
        sentence: the requirement on the harness.
        status: whether it holds; ``left out`` where that cannot be checked.
        found: the actual behaviour, the reason for leaving the check out, or ``""``.
        hint: how to fix the harness, or ``""``.
        note: a remark on the implementation, or ``""``.
    """

    sentence: str
    status: Literal["passed", "failed", "left out"]
    found: str = ""
    hint: str = ""
    note: str = ""


def checks(client: Client) -> Iterator[Outcome]:
    """Check a harness that has sent its hello, and end it."""
    return _Checks(client).all()


class _Checks:
    """The checks in order, and the findings that later ones use."""

    def __init__(self, client: Client) -> None:
        self._client, self._hello = client, client.hello
        self._behaviour = Behaviour()

    def all(self) -> Iterator[Outcome]:
        yield from self._of_messages()
        if "loop" in self._hello.kinds:
            yield from self._of_loops()
        if "recurrence" in self._hello.kinds:
            yield self._of_states()
        yield self._of_the_end()

    def _of_messages(self) -> Iterator[Outcome]:
        ask = self._asked
        yield ask(
            "A message without cases is answered by no results.",
            messages.none,
            "answer with an empty list of results",
        )
        yield ask(
            "A loop of no trips, of a body that does nothing, gives its carry back bit for bit."
            if "loop" in self._hello.kinds
            else "A case is answered by a float32 array as long as x.",
            messages.one,
            "an array is its bytes: two hexadecimal digits each, little-endian elements",
        )
        yield ask(
            "The cases of a message, which may be hundreds, are answered in their order.",
            messages.many,
            "give one result a case, in the order of the cases",
        )
        yield ask(
            "An answer has the id of its message.",
            messages.ids,
            "give the id back as it came; it may be as large as 2**53 - 1",
        )
        yield ask(
            "A line of more than 1 MiB is read to its end.",
            messages.large,
            "read up to the end of the line, however far that is, and write all of the answer",
        )

    def _of_loops(self) -> Iterator[Outcome]:
        yield self._asked(
            "An instruction that it does not know is unsupported.",
            messages.unknown_instructions,
            _SAY_SO,
        )
        yield self._asked(
            "So is a body, or a case, of a form that it does not know.",
            messages.unknown_cases,
            _SAY_SO,
        )
        yield self._interpreted(
            "Each instruction, alone, gives its value after one trip.",
            bodies.instructions,
            _mend,
        )
        yield self._interpreted(
            "Instructions are done one after the other.",
            bodies.programs,
            lambda _: _IN_ORDER,
        )
        yield self._asked(
            "Bounds, and the index, are read right in each declared dtype.",
            lambda client: bodies.bounds(client, self._behaviour),
            "a bound is an array without dimensions; a body sees the low 32 bits of the index, "
            "or declare fewer dtypes",
        )
        yield self._nested()
        yield self._permuted()

    def _interpreted(
        self,
        sentence: str,
        run: Callable[[Client], Interpreted],
        hint: Callable[[Interpreted], str],
    ) -> Outcome:
        def check() -> Outcome:
            found = run(self._client)
            if len(found.wrong) < found.total:
                self._behaviour = found.behaviour
            return _of_interpreter(sentence, found, hint(found))

        return self._tried(sentence, check)

    def _nested(self) -> Outcome:
        sentence = "A nested body is run, whole, in a loop from 0 to the index."
        if "nested" not in self._hello.capabilities:
            return Outcome(sentence, "left out", "the harness does not declare nested")
        if not self._behaviour.is_right:
            return Outcome(sentence, "left out", "the loop itself is wrong")
        return self._asked(
            sentence,
            bodies.nested,
            "have the implementation run the inner loop; if it does, rule ITER-10 is to judge it",
        )

    def _permuted(self) -> Outcome:
        sentence = "A body that permutes moves leaves of many dtypes, NaN and -0.0 among them."
        if "permute" not in self._hello.capabilities:
            return Outcome(sentence, "left out", "the harness does not declare permute")
        return self._asked(
            sentence,
            lambda client: bodies.permuted(client, self._behaviour),
            "leaf j becomes what leaf permute[j] was; keep the bytes of leaves as they came",
        )

    def _of_states(self) -> Outcome:
        sentence = "A recurrence of no trips gives x back, NaN and -0.0 too."

        def check() -> Outcome:
            if wrong := states.seems_wrong(self._client):
                return Outcome(sentence, "passed", note=f"{wrong}: {_NOT_THE_HARNESS}")
            return _of_answer(sentence, states.no_trips(self._client), _KEEP_BITS)

        return self._tried(sentence, check)

    def _of_the_end(self) -> Outcome:
        sentence = "When its input ends, it exits with status 0."

        def check() -> Outcome:
            self._client.ask([])  # it may have been lost: then it is another one
            return _of_answer(sentence, _left(self._client), "end the program with its input")

        return self._tried(sentence, check)

    def _asked(self, sentence: str, check: Callable[[Client], str], hint: str) -> Outcome:
        return self._tried(sentence, lambda: _of_answer(sentence, check(self._client), hint), hint)

    def _tried(self, sentence: str, check: Callable[[], Outcome], hint: str = "") -> Outcome:
        """The outcome of a check, which may lose the harness."""
        if self._client.is_given_up:
            return Outcome(sentence, "left out", "the harness was lost too often")
        try:
            return check()
        except WrongLoop as wrong:
            return Outcome(sentence, "passed", note=f"{wrong}: {_NOT_THE_HARNESS}")
        except CrashedLoop as crashed:
            return Outcome(sentence, "left out", f"the harness says that {crashed}")
        except HarnessLost as lost:
            how = str(lost)
            hint = hint if how.startswith("answered") else ""
            return Outcome(sentence, "failed", f"the harness {how}", hint)


def _of_answer(sentence: str, found: str, hint: str) -> Outcome:
    return Outcome(sentence, "failed", found, hint) if found else Outcome(sentence, "passed")


def _of_interpreter(sentence: str, found: Interpreted, hint: str) -> Outcome:
    if not found.total:
        return Outcome(sentence, "left out", "the harness supports no such instruction")
    if found.wrong:
        first = next(iter(found.wrong.values()))
        more = f", and {len(found.wrong) - 1} more" if len(found.wrong) > 1 else ""
        return Outcome(sentence, "failed", first + more, hint, _note(found))
    return Outcome(sentence, "passed", note=_note(found))


def _mend(found: Interpreted) -> str:
    if len(found.wrong) < found.total:
        return f"mend {', '.join(found.wrong)}: the others are right, so it is not the loop"
    return (
        "nothing is right, and no usual mistake of loops explains it: look at how registers, "
        "operands and the index are read before you look at the loop"
    )


def _note(found: Interpreted) -> str:
    notes = []
    if not found.behaviour.is_right and len(found.wrong) < found.total:
        notes.append(f"{found.behaviour}: {_NOT_THE_HARNESS}")
    if found.unsupported:
        notes.append(f"not supported, so that rules are skipped: {', '.join(found.unsupported)}")
    return "; ".join(notes)


def _left(client: Client) -> str:
    """The error at the end of the harness, or ``""``."""
    status = client.close(seconds=_PATIENCE)
    if status is None:
        return f"it still ran {_PATIENCE:g} seconds later, and was ended"
    return f"it exited with status {status}" if status else ""
