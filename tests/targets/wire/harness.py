"""A right harness in Python, over the oracle; with trouble, where a test asks for it.

``python harness.py [TROUBLE]``. A trouble of a message happens where it has a nested body, so that
other rules are judged as ever; ``always-TROUBLE`` in every message with a case.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from foricheck.cases.arrays import decode, encode
from foricheck.cases.loop import LoopBatch
from foricheck.oracle import permutations
from foricheck.oracle import programs as oracle
from foricheck.oracle.recurrence import recurrence, weights
from foricheck.programs.program import OPS
from foricheck.programs.program import encode as program

Json = dict[str, Any]

DTYPES = ["int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"]
HELLO: Json = {
    "type": "hello",
    "protocol": 1,
    "name": "oracle-harness",
    "version": "1.0",
    "kinds": ["loop", "recurrence"],
    "dtypes": DTYPES,
    "capabilities": ["nested", "permute"],
}


def say(message: Any) -> None:
    write(json.dumps(message))


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def results(cases: list[Json]) -> list[Json]:
    """What the oracle says to each case; programs are run side by side."""
    groups: dict[Any, list[int]] = {}
    for place, case in enumerate(cases):
        groups.setdefault(group_of(case), []).append(place)
    found: dict[int, Json] = {}
    for group, places in groups.items():
        found |= zip(places, together(group, [cases[place] for place in places]), strict=True)
    return [found[place] for place in range(len(cases))]


def group_of(case: Json) -> Any:
    """What cases that are run together have in common."""
    match case:
        case {"body": {"registers": rows} as body} if all(row[0] in OPS for row in rows):
            return case["lower"]["dtype"] == "uint64", bool(body.get("nested"))
        case _:
            return None


def together(group: Any, cases: list[Json]) -> list[Json]:
    if group is None:
        return list(map(alone, cases))
    wide, run = np.uint64 if group[0] else np.int64, oracle.run_nested if group[1] else oracle.run
    lower, upper = ([decode(case[side]) for case in cases] for side in ("lower", "upper"))
    code = np.stack([program(case["body"]["registers"]) for case in cases])
    carry = np.stack([decode(case["carry"][0]) for case in cases])
    ends = run(LoopBatch("", np.array(lower, wide), np.array(upper, wide), code, carry))
    return [{"value": [encode(end)]} for end in ends]


def alone(case: Json) -> Json:
    match case:
        case {"kind": "recurrence"}:
            return final_state(case)
        case {"body": {"permute": permutation}}:
            lower, upper = (int(decode(case[side])) for side in ("lower", "upper"))
            return {"value": list(permutations.after(lower, upper, permutation, case["carry"]))}
        case _:
            return {"unsupported": "a body of another sort"}


def final_state(case: Json) -> Json:
    seed, x, T = (decode(case[name]) for name in ("seed", "x", "T"))
    if len(x) != case["hidden"]:
        return {"refused": f"x has length {len(x)}, hidden is {case['hidden']}"}
    if T <= 0:
        return {"value": [case["x"]]}
    state = recurrence(weights(int(seed), case["hidden"]), x.astype(np.float64), int(T))
    return {"value": [encode(state.astype(np.float32))]}


def answer(message: Json) -> Json:
    return {"type": "results", "id": message["id"], "results": results(message["cases"])}


# --- trouble with a message ---------------------------------------------------------------------


def hangs(message: Json) -> NoReturn:
    while True:
        time.sleep(60)


def hangs_at_many(message: Json) -> None:
    """No answer to a message of several cases."""
    if len(message["cases"]) > 1:
        hangs(message)
    say(answer(message))


def is_slow(message: Json) -> None:
    """A while for each case, as an engine that compiles each."""
    time.sleep(0.05 * len(message["cases"]))
    say(answer(message))


def hangs_with_a_child(message: Json) -> NoReturn:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path("child.pid").write_text(str(child.pid))
    hangs(message)


def is_killed(message: Json) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def once(trouble: Callable[[Json], object]) -> Callable[[Json], None]:
    """Trouble the first time, and a right answer from then on."""

    def troubled(message: Json) -> None:
        if not Path("was-troubled").exists():
            Path("was-troubled").touch()
            trouble(message)
        say(answer(message))

    return troubled


def exits(message: Json) -> NoReturn:
    sys.stderr.write("ValueError: no such loop\nand more\n")
    sys.exit(3)


def floods(message: Json) -> NoReturn:
    while True:
        sys.stdout.write("x" * 2**16)


def floods_with_lines(message: Json) -> NoReturn:
    while True:
        sys.stdout.write("x\n" * 2**15)


def floods_stderr(message: Json) -> NoReturn:
    while True:
        sys.stderr.write("x" * 2**16)


def is_noisy(message: Json) -> None:
    sys.stderr.write("a word of warning\n" * 100_000)
    say(answer(message))


def closes_stdout(message: Json) -> None:
    os.close(1)
    hangs(message)


def answers_twice(message: Json) -> None:
    say(answer(message))
    say(answer(message))


def one_result(form: Json) -> Callable[[Json], None]:
    """Every result is this one."""
    return lambda message: say(answer(message) | {"results": [form] * len(message["cases"])})


def changed_leaf(**changes: Any) -> Callable[[Json], None]:
    """The first leaf of every value is changed."""

    def trouble(message: Json) -> None:
        got = answer(message)
        for each in got["results"]:
            each["value"][0] |= changes
        say(got)

    return trouble


def some_unsupported(message: Json) -> None:
    """Bounds above 4 are too much."""
    got = answer(message)
    for place, case in enumerate(message["cases"]):
        if decode(case["upper"]) > 4:
            got["results"][place] = {"unsupported": "too many trips"}
    say(got)


MESSAGE: dict[str, Callable[[Json], Any]] = {
    "hangs": hangs,
    "hangs-with-a-child": hangs_with_a_child,
    "is-slow": is_slow,
    "hangs-at-many": hangs_at_many,
    "is-killed": is_killed,
    "is-killed-once": once(is_killed),
    "exits-once": once(exits),
    "exits": exits,
    "long-line": lambda message: write("x" * 10_000_000),
    "floods": floods,
    "floods-with-lines": floods_with_lines,
    "floods-stderr": floods_stderr,
    "is-noisy": is_noisy,
    "closes-stdout": closes_stdout,
    "no-json": lambda message: write("Segmentation fault (core dumped)"),
    "no-utf8": lambda message: os.write(1, b"\xff\xfe\n"),
    "no-object": lambda message: say([1]),
    "another-type": lambda message: say({"type": "hello"}),
    "no-id": lambda message: say({"type": "results", "results": []}),
    "another-case": lambda message: say(answer(message) | {"id": message["id"] - 1}),
    "too-few": lambda message: say(answer(message) | {"results": []}),
    "no-list": lambda message: say(answer(message) | {"results": 7}),
    "unknown-key": lambda message: say(answer(message) | {"took": 0.5}),
    "answers-twice": answers_twice,
    "unknown-form": one_result({"val": []}),
    "two-forms": one_result({"value": [], "refused": "no"}),
    "no-array": one_result({"value": [1, 2]}),
    "no-leaves": one_result({"value": []}),
    "no-reason": one_result({"refused": None}),
    "refuses": one_result({"refused": "upper is odd"}),
    "crashes": one_result({"crashed": "index out of bounds\nat line 7"}),
    "cannot": one_result({"unsupported": "no nested bodies today"}),
    "cannot-some": some_unsupported,
    "wrong-shape": changed_leaf(shape=[8, 4]),
    "wrong-dtype": changed_leaf(dtype="uint32"),
    "odd-hex": changed_leaf(hex="abc"),
    "short-hex": changed_leaf(hex="00"),
    "no-dtype": changed_leaf(dtype="int"),
    "wrong-value": changed_leaf(hex="00" * 128),
}


# --- a wrong implementation, or a wrong interpreter of bodies ------------------------------------


def one_step_more(case: Json) -> None:
    case["T"] = encode(decode(case["T"]) + 1)


def short_count(case: Json) -> None:
    """A trip count of which 32 bits are kept."""
    case["T"] = encode(decode(case["T"]).astype(np.int32).astype(np.int64))


def inclusive(case: Json) -> None:
    """One more trip, from the same index."""
    if case["kind"] == "recurrence":
        one_step_more(case)
    else:
        upper = decode(case["upper"])
        case["upper"] = encode(upper + upper.dtype.type(1))


def never(case: Json) -> None:
    case["upper"] = case["lower"]


def late(case: Json) -> None:
    one = decode(case["lower"]).dtype.type(1)
    case["lower"], case["upper"] = (encode(decode(case[end]) + one) for end in ("lower", "upper"))


def swapped(one: str, other: str) -> Callable[[Json], None]:
    """One instruction taken for another."""

    def change(case: Json) -> None:
        for row in case["body"].get("registers", ()):
            row[0] = other if row[0] == one else row[0]

    return change


def blind(case: Json) -> None:
    """Operands that are all register 0."""
    for row in case["body"].get("registers", ()):
        row[2:4] = [0, 0]


def narrow(case: Json) -> None:
    """Bounds of 64 bits through a float."""
    for end in ("lower", "upper"):
        if case[end]["dtype"].endswith("64"):
            dtype = decode(case[end]).dtype
            case[end] = encode(decode(case[end]).astype(np.float32).astype(dtype))


def positive_zero(case: Json) -> None:
    """Numbers that go through text lose the sign of zero."""
    leaves = [case["x"]] if case["kind"] == "recurrence" else case["carry"]
    for leaf in leaves:
        array = decode(leaf)
        leaf |= encode(array + 0) if array.dtype.kind == "f" else {}


def unpermuted(case: Json) -> None:
    """The inverse permutation."""
    if "permute" in case["body"]:
        case["body"]["permute"] = np.argsort(case["body"]["permute"]).tolist()


LOOP: dict[str, Callable[[Json], None]] = {
    "never": never,
    "late": late,
    "sub-is-add": swapped("sub", "add"),
    "guesses": swapped("frobnicate", "add"),
    "blind": blind,
    "narrow": narrow,
    "unpermuted": unpermuted,
}
STATE: dict[str, Callable[[Json], None]] = {
    "one-step-more": one_step_more,
    "short-count": short_count,
}
ANY: dict[str, Callable[[Json], None]] = {"positive-zero": positive_zero, "inclusive": inclusive}


def changed(trouble: str, message: Json) -> Json:
    for case in message["cases"]:
        for table, kinds in ((LOOP, "loop"), (STATE, "recurrence"), (ANY, "loop recurrence")):
            if trouble in table and case["kind"] in kinds.split():
                table[trouble](case)
    return message


# --- trouble with the hello ---------------------------------------------------------------------


def dies_at_start() -> NoReturn:
    sys.stderr.write("Error: no such library\n")
    sys.exit(1)


def dies_without_a_word() -> NoReturn:
    sys.exit(0)


GREETING: dict[str, Callable[[], Any]] = {
    "banner": lambda: write("Welcome to loops 1.0"),
    "dies-at-start": dies_at_start,
    "dies-without-a-word": dies_without_a_word,
    "silent": lambda: hangs({}),
    "protocol-2": lambda: say(HELLO | {"protocol": 2}),
    "protocol-true": lambda: say(HELLO | {"protocol": True}),
    "no-name": lambda: say({key: HELLO[key] for key in HELLO if key != "name"}),
    "number-as-version": lambda: say(HELLO | {"version": 1}),
    "no-kinds": lambda: say(HELLO | {"kinds": []}),
    "unknown-kind": lambda: say(HELLO | {"kinds": ["lop"]}),
    "no-int32": lambda: say(HELLO | {"dtypes": ["int64"]}),
    "dtypes-as-text": lambda: say(HELLO | {"dtypes": "int32"}),
    "unknown-capability": lambda: say(HELLO | {"capabilities": ["vmap"]}),
    "only-a-recurrence": lambda: say(HELLO | {"kinds": ["recurrence"]}),
    "only-a-loop": lambda: say(HELLO | {"kinds": ["loop"]}),
    "declares-limits": lambda: say(HELLO | {"max_cases": 5, "max_trips": 9}),
    "declares-nothing": lambda: say(HELLO | {"capabilities": [], "dtypes": ["int32"]}),
}
AT_THE_END: dict[str, Callable[[], Any]] = {
    "exits-with-4": lambda: sys.exit(4),
    "stays": lambda: hangs({}),
}


def main(trouble: str) -> None:
    greet = GREETING.get(trouble, lambda: say(HELLO))
    trouble, always = trouble.removeprefix("always-"), trouble.startswith("always-")
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            greet()
        elif trouble in MESSAGE and (always or has_nested(message)):
            MESSAGE[trouble](message)
        else:
            say(answer(changed(trouble, message)))
    AT_THE_END.get(trouble, lambda: None)()


def has_nested(message: Json) -> bool:
    return any(case.get("body", {}).get("nested") for case in message["cases"])


if __name__ == "__main__":
    main("".join(sys.argv[1:]))
