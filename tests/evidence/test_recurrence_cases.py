"""The lines of a recurrence's case: they run as they are, and print what the target gives."""

from __future__ import annotations

import contextlib
import io

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.cases.rec.case import AROUND, HISTORY, RecurrenceCase
from foricheck.cases.rec.inputs import VALUES
from foricheck.cases.rec.layouts import LAYOUTS
from foricheck.evidence.script.recurrence_cases import describe, lines
from foricheck.reference import fori_loop_recurrence


def printed(case: RecurrenceCase) -> str:
    """What the lines print where the target is the reference."""
    names = {"jax": jax, "jnp": jnp, "np": np, "fori_loop_recurrence": fori_loop_recurrence}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec("\n".join(lines(case)), names)  # our own lines
    return out.getvalue()


CASES = [
    *(RecurrenceCase(around=around) for around in AROUND),
    *(RecurrenceCase(history=history) for history in HISTORY),
    *(RecurrenceCase(values=values) for values in VALUES),
    *(RecurrenceCase(x_as=layout) for layout in LAYOUTS),
    *(RecurrenceCase(derivative=way, around="jit") for way in ("forward", "reverse")),
    *(RecurrenceCase(passing=way) for way in ("T by keyword", "by keyword in reverse")),
    RecurrenceCase(seed=2.5, seed_as="np.float32", hidden=3.5, hidden_as="float"),
    RecurrenceCase(hidden=17, T=0),
]


@pytest.mark.parametrize("case", CASES, ids=describe)
def test_the_lines_run(case: RecurrenceCase) -> None:
    assert printed(case).strip()


def test_the_lines_print_the_final_state() -> None:
    state = fori_loop_recurrence(3, RecurrenceCase().x, 3, 3)
    assert str(state) in printed(RecurrenceCase())


def test_calls_before_are_printed_before() -> None:
    text = "\n".join(lines(RecurrenceCase(seed=-2, history="after the next seed")))
    assert text.index("(-1, x") < text.index("(-2, x")


def test_what_is_not_neutral_is_described() -> None:
    case = RecurrenceCase(T=8, around="vmap of x", derivative="forward", history="twice")
    assert describe(case).endswith("vmap of x, forward derivative, twice")


def test_a_neutral_case_is_described_by_its_arguments() -> None:
    assert describe(RecurrenceCase()).startswith("seed = 3, hidden = 3, T = 3, x = np.array([")
