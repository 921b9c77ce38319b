"""What the tutorial says is so."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from foricheck.oracle.normal import uniform
from foricheck.oracle.recurrence import weights
from foricheck.oracle.stream import stream_key
from foricheck.oracle.threefry import random_bits, threefry2x32
from foricheck.programs.program import OPS
from foricheck.rules import selection

from .driver import Harness
from .languages import SOURCES

TEXT = (SOURCES / "README.md").read_text(encoding="utf-8")
LOWEST = float(np.nextafter(np.float32(-1), np.float32(0)))


def exchange() -> list[tuple[Any, Any]]:
    """The messages of the tutorial, each with its answer."""
    block = TEXT.split("```")[1]
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    messages = [json.loads(part) for part in re.split("[→←]", "".join(lines))[1:]]
    return list(zip(messages[::2], messages[1::2], strict=True))


def hexadecimal(words: Any) -> str:
    return f"| `{' '.join(f'{int(word):08x}' for word in words)}` |"


def decimal(numbers: Any) -> str:
    return ", ".join(np.format_float_positional(np.float32(each)) for each in np.ravel(numbers))


@pytest.mark.parametrize(("message", "answer"), exchange()[1:])
def test_the_exchange_is_what_is_said(harness: Harness, message: Any, answer: Any) -> None:
    assert harness.ask(message) == answer


def test_so_is_the_hello_but_for_the_name(harness: Harness) -> None:
    message, answer = exchange()[0]
    assert harness.ask(message) | {"name": answer["name"]} == answer


def test_every_instruction_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \| .*(?:dst)", TEXT, re.MULTILINE)
    assert told == [op for op in OPS if op != "nop"]


def test_the_known_answers_are_right() -> None:
    zero, key = np.zeros((), np.uint32), stream_key(7)
    assert hexadecimal(threefry2x32((zero, zero), (zero, zero))) in TEXT
    assert hexadecimal(key) in TEXT
    assert hexadecimal(stream_key(-1)) in TEXT
    assert hexadecimal(random_bits(key, (4,))) in TEXT
    assert decimal(uniform(key, (4,), low=LOWEST)) in TEXT
    assert decimal(weights(7, 2)) in TEXT
    assert hexadecimal(random_bits(stream_key(0), (64, 64)).ravel()[3232:3233]) in TEXT
    assert f"| {weights(0, 64).flat[3232]:.7f} (" in TEXT


@pytest.mark.parametrize("pattern", sorted(set(re.findall("--rules ([A-Z0-9,-]+)", TEXT))))
def test_the_rules_it_names_exist(pattern: str) -> None:
    assert selection.select(pattern, frozenset({"loop", "recurrence"}))
