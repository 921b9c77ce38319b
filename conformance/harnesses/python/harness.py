"""A harness in Python: a fori_loop of any array library, judged by foricheck over its pipes.

    python harness.py                       # the engine below: a loop over NumPy arrays
    python harness.py my_engine.py          # an engine of yours
    foricheck smoke "exec:python harness.py my_engine.py"
    foricheck run "exec:python harness.py my_engine.py"

It needs Python 3.9 and NumPy. It runs in an environment of its own, in which neither foricheck nor
JAX has to be installed. To judge a loop of your own, replace part 1, here or in a file of yours:

    1  The engine        the loop under test, and how its library holds arrays
    2  Body programs     what the loop is given to do
    3  The recurrence    state <- tanh(state @ W + x), with W drawn from a seed
    4  Values            arrays as their bits
    5  The protocol      a line in, a line out

torch_engine.py is an engine over another library. README.md in the directory above explains the
protocol, and how to write a harness in another language.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = Any  # of the library under test, or of NumPy
Carry = tuple[Array, ...]
Leaves = list[Array]
Body = Callable[[Array, Carry], Carry]
Json = dict[str, Any]

# ==== 1  The engine: THE PART YOU REPLACE =========================================================


class Engine:
    """A loop over NumPy arrays.

    Arrays are the library's: `array` makes them, and `numpy` reads them. Bodies use indexing by an
    array of int32, the operators + - * & | ^ < >= == != @ of arrays, and nothing else. An engine
    raises NotImplementedError for what its library cannot do: that case is left out.

    Attributes:
        name: of the implementation.
        version: likewise.
        dtypes: those that bounds may have, int32 among them.
        refusals: the errors that the loop raises on purpose.
        max_cases: the most cases of a message, or None.
        max_trips: the longest trip count that takes acceptable time, or None.
    """

    name = "foricheck-python"
    version = "1.0"
    dtypes = ("int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64")
    refusals = (TypeError, ValueError)
    max_cases: int | None = None
    max_trips: int | None = None

    def array(self, values: Array) -> Array:
        """An array of the library, of the dtype and shape of a NumPy array."""
        return values

    def numpy(self, array: Array) -> Array:
        """A NumPy array, of the dtype and shape of an array of the library."""
        return np.asarray(array)

    def int32(self, index: Array) -> Array:
        """The index of an iteration modulo 2**32, as a scalar of int32."""
        return index.astype(np.int32)

    def tanh(self, array: Array) -> Array:
        """The hyperbolic tangent; an engine without it has no recurrence."""
        return np.tanh(array)

    def fori_loop(self, lower: Array, upper: Array, body: Body, carry: Carry) -> Carry:
        """The loop.

        Args:
            lower: the first index, a scalar array of one of `dtypes`.
            upper: the index after the last one.
            body: from an index, of the bounds' dtype, and a carry to the next carry. It can be
                called, traced, or read as data: see part 2.
            carry: a tuple of arrays.

        Returns:
            The final carry.
        """
        if lower.dtype != upper.dtype:
            raise TypeError("lower and upper must have equal dtypes")
        one = lower.dtype.type(1)
        if types(body(one - one, carry)) != types(carry):
            raise TypeError("the body changes the type of the carry")
        i = lower[()]
        while i < upper:
            carry = body(i, carry)
            i = i + one
        return carry


def types(carry: Sequence[Array]) -> list[Any]:
    """The dtype and the shape of each leaf."""
    return [(leaf.dtype, leaf.shape) for leaf in carry]


# ==== 2  Body programs ============================================================================

# The carry is four registers, each a row of eight int32; here, each is a leaf. No row is written
# to: an instruction makes a new one.
ROWS, WIDTH, INDEX, CONST = 4, 8, 4, 5
PLACES = np.arange(WIDTH, dtype=np.int32)


def scan(a: Array, j: Array) -> Array:
    """The sums of the first elements, by doubling the distance."""
    for distance in (1, 2, 4):
        a = a + a[(j - distance) & 7] * (j >= distance)
    return a


# From the operands a and b, the old row and the places 0 to 7 to the new row.
OPERATIONS: dict[str, Callable[[Array, Array, Array, Array], Array]] = {
    "copy": lambda a, b, old, j: a,
    "add": lambda a, b, old, j: a + b,
    "sub": lambda a, b, old, j: a - b,
    "mul": lambda a, b, old, j: a * b,
    "and": lambda a, b, old, j: a & b,
    "or": lambda a, b, old, j: a | b,
    "xor": lambda a, b, old, j: a ^ b,
    "min": lambda a, b, old, j: a * (a < b) + b * (a >= b),
    "max": lambda a, b, old, j: a * (a >= b) + b * (a < b),
    "put": lambda a, b, old, j: old * (j != (a[0] & 7)) + b[0] * (j == (a[0] & 7)),
    "get": lambda a, b, old, j: a[(j * 0 + b[0]) & 7],
    "roll": lambda a, b, old, j: a[(j - b[0]) & 7],
    "scan": lambda a, b, old, j: scan(a, j),
}


class Program:
    """A body: all instructions, once.

    Attributes:
        instructions: the list of [op, dst, a, b, k].
    """

    def __init__(self, engine: Engine, instructions: list[list[Any]]) -> None:
        self.instructions = instructions
        self._engine, self._places = engine, engine.array(PLACES)
        self._steps = [
            (op, dst, a, b, engine.array(PLACES * 0 + np.int32(k)))
            for op, dst, a, b, k in instructions
        ]

    def __call__(self, i: Array, carry: Carry) -> Carry:
        """The registers after it."""
        rows, index = list(carry), self._places * 0 + self._engine.int32(i)
        for op, dst, a, b, constant in self._steps:
            if op == "swap":
                rows[dst], rows[a % ROWS] = rows[a % ROWS], rows[dst]
            else:
                operands = [*rows, index, constant]
                rows[dst] = OPERATIONS[op](operands[a], operands[b], rows[dst], self._places)
        return tuple(rows)


class Nested:
    """A body: a program in a loop from 0 to the index.

    Attributes:
        program: of the inner loop.
    """

    def __init__(self, engine: Engine, program: Program) -> None:
        self.program, self._engine = program, engine

    def __call__(self, i: Array, carry: Carry) -> Carry:
        """The registers after it."""
        return self._engine.fori_loop(i - i, i, self.program, carry)


class Permutation:
    """A body: leaf j becomes what leaf places[j] was."""

    def __init__(self, places: list[int]) -> None:
        self.places = places

    def __call__(self, i: Array, carry: Carry) -> Carry:
        """The leaves after it."""
        return tuple(carry[place] for place in self.places)


# ==== 3  The recurrence ===========================================================================

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def threefry(key: Sequence[Array], counter: Sequence[Array]) -> tuple[Array, Array]:
    """Threefry-2x32 of twenty rounds, of arrays of uint32: two words of a key, two of a counter.

    Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
    """
    schedule = [key[0], key[1], key[0] ^ key[1] ^ np.uint32(0x1BD11BDA)]
    first, second = counter[0] + schedule[0], counter[1] + schedule[1]
    for group in range(5):
        for distance in ROTATIONS[group % 2]:
            first = first + second
            turned = (second << np.uint32(distance)) | (second >> np.uint32(32 - distance))
            second = turned ^ first
        first = first + schedule[(group + 1) % 3]
        second = second + schedule[(group + 2) % 3] + np.uint32(group + 1)
    return first, second


def words(*numbers: int) -> Leaves:
    """Arrays of one uint32, whose arithmetic is modulo 2**32."""
    return [np.array([number % 2**32], np.uint32) for number in numbers]


def random_bits(seed: int, count: int) -> Array:
    """Bits of the first key of flax.nnx.Rngs(seed), which is fold_in(key(seed), 0)."""
    key = threefry(words(0, seed), words(0, 0))
    first, second = threefry(key, (words(0)[0], np.arange(count, dtype=np.uint32)))
    return first ^ second


LOWEST = -1 + 2.0**-24
INNER = np.array([
    2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087,
    -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
], np.float32)  # fmt: skip
OUTER = np.array([
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
    -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
], np.float32)  # fmt: skip


def erf_inv(v: Array) -> Array:
    """The inverse error function: Giles, "Approximating the erfinv function", 2011.

    The square is rounded to float32; the rest need not be.
    """
    w = -np.log1p(-(v * v).astype(np.float64))
    far = np.polyval(OUTER.astype(np.float64), np.sqrt(w) - 3)
    return v * np.where(w < 5, np.polyval(INNER.astype(np.float64), w - 2.5), far)


def draw_weights(seed: int, hidden: int) -> Array:
    """W: normal(key, (hidden, hidden)) * 0.1, in float32."""
    u = (random_bits(seed, hidden * hidden) >> np.uint32(9)) / 2.0**23
    v = np.maximum(2 * u + LOWEST, LOWEST).astype(np.float32)
    normal = np.float64(np.float32(np.sqrt(2))) * erf_inv(v)
    return (normal * np.float64(np.float32(0.1))).astype(np.float32).reshape(hidden, hidden)


class Recurrence:
    """A body: state <- tanh(state @ W + x)."""

    def __init__(self, engine: Engine, weights: Array, x: Array) -> None:
        self.weights, self.x, self._engine = engine.array(weights), engine.array(x), engine

    def __call__(self, i: Array, carry: Carry) -> Carry:
        """The state after it."""
        return (self._engine.tanh(carry[0] @ self.weights + self.x),)


# ==== 4  Values ===================================================================================


class Malformed(Exception):
    """What the suite must not send: the harness ends."""


class Refused(Exception):
    """What the implementation refuses, on purpose."""


def need(condition: bool, what: str) -> None:
    """Require what every message has."""
    if not condition:
        raise Malformed(what)


def support(condition: bool, what: str) -> None:
    """Require what this harness can do; the case is left out otherwise."""
    if not condition:
        raise NotImplementedError(what)


DTYPES = ["bool", "float16", "float32", "float64", "complex64", "complex128"]
DTYPES += [f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)]


def is_integer(value: Any, least: int, greatest: int) -> bool:
    """Whether a JSON value is an integer of a range."""
    return type(value) is int and least <= value <= greatest


def decode(value: Any) -> Array:
    """An array from dtype, shape and hex."""
    need(isinstance(value, dict) and value.get("dtype") in DTYPES, "an array needs a dtype")
    shape, text, size = value.get("shape"), value.get("hex"), np.dtype(value["dtype"]).itemsize
    need(isinstance(shape, list), "an array needs a shape")
    need(all(is_integer(each, 0, 2**63) for each in shape), "a shape is a list of sizes")
    need(isinstance(text, str), "an array needs its hex")
    for each in shape:
        size *= each
    try:
        held = bytes.fromhex(text)
    except ValueError:
        raise Malformed("hex must be pairs of hexadecimal digits") from None
    need(size == len(held) == len(text) / 2, "hex must hold what dtype and shape say")
    kind = np.dtype(value["dtype"])
    return np.frombuffer(held, kind.newbyteorder("<")).astype(kind).reshape(shape)


def encode(array: Array) -> Json:
    """An array as dtype, shape and hex."""
    if array.dtype.name not in DTYPES:
        raise TypeError(f"the result has dtype {array.dtype.name}")
    held = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return {"dtype": array.dtype.name, "shape": list(array.shape), "hex": held.hex()}


def scalar(value: Any) -> Array:
    """An integer scalar: a bound, a seed, a trip count."""
    array = decode(value)
    support(array.shape == () and array.dtype.kind in "iu", "a bound that is not an integer scalar")
    return array


# ==== 5  The protocol =============================================================================


def hello(engine: Engine) -> Json:
    """How the engine describes itself."""
    limits = {key: getattr(engine, key, None) for key in ("max_cases", "max_trips")}
    return {
        "type": "hello",
        "protocol": 1,
        "name": engine.name,
        "version": engine.version,
        "kinds": ["loop", "recurrence"] if hasattr(engine, "tanh") else ["loop"],
        "dtypes": list(engine.dtypes),
        "capabilities": ["nested", "permute"],
        **{key: limit for key, limit in limits.items() if limit is not None},
    }


def check_instruction(instruction: Any) -> None:
    """Require the form of an instruction."""
    need(isinstance(instruction, list) and len(instruction) == 5, "an instruction has five parts")
    op, dst, a, b, k = instruction
    support(op in [*OPERATIONS, "swap"], "an unknown instruction")
    need(is_integer(dst, 0, ROWS - 1), "dst must be a register")
    need(is_integer(a, 0, CONST) and is_integer(b, 0, CONST), "a and b must be operands")
    need(is_integer(k, -(2**31), 2**31 - 1), "k must be an int32")


def looped(engine: Engine, bounds: Sequence[Array], body: Body, leaves: Leaves) -> Leaves:
    """The leaves at the end of the loop under test."""
    for bound in bounds:
        support(bound.dtype.name in engine.dtypes, f"bounds of {bound.dtype.name}")
    lower, upper = map(engine.array, bounds)
    try:
        after = engine.fori_loop(lower, upper, body, tuple(map(engine.array, leaves)))
    except NotImplementedError:
        raise
    except tuple(engine.refusals) as error:
        raise Refused(str(error)) from error
    return [engine.numpy(leaf) for leaf in after]


def run_registers(engine: Engine, bounds: Leaves, body: Json, leaves: Leaves) -> Leaves:
    """A loop over a program."""
    one = len(leaves) == 1 and types(leaves) == [(np.int32, (ROWS, WIDTH))]
    support(one, "a carry that is not one leaf int32[4, 8]")
    need(isinstance(body["registers"], list), "a program is a list of instructions")
    for instruction in body["registers"]:
        check_instruction(instruction)
    program = Program(engine, body["registers"])
    run: Body = Nested(engine, program) if body.get("nested") else program
    return [np.stack(looped(engine, bounds, run, [*leaves[0]]))]


def run_permutation(engine: Engine, bounds: Leaves, body: Json, leaves: Leaves) -> Leaves:
    """A loop that permutes leaves."""
    places, last = body["permute"], len(leaves) - 1
    need(isinstance(places, list), "a permutation is a list")
    need(all(is_integer(place, 0, last) for place in places), "a place without a leaf")
    return looped(engine, bounds, Permutation(places), leaves)


def run_loop(engine: Engine, case: Json) -> Leaves:
    """The leaves of a case of a loop."""
    bounds = [scalar(case.get("lower")), scalar(case.get("upper"))]
    need(isinstance(case.get("carry"), list), "a carry is a list of leaves")
    leaves = [decode(leaf) for leaf in case["carry"]]
    body = case["body"] if isinstance(case.get("body"), dict) else {}
    support("registers" in body or "permute" in body, "a body that is no registers and no permute")
    run = run_registers if "registers" in body else run_permutation
    return run(engine, bounds, body, leaves)


def run_recurrence(engine: Engine, case: Json) -> Leaves:
    """The state of a case of a recurrence, as one leaf."""
    seed, T, x = scalar(case.get("seed")), scalar(case.get("T")), decode(case.get("x"))
    hidden: Any = case.get("hidden")
    need(is_integer(hidden, 1, 2**32), "hidden must be an integer of at least 1")
    support(hasattr(engine, "tanh"), "a recurrence")
    support(x.dtype == np.float32, "a recurrence that is not in float32")
    if x.shape != (hidden,):
        raise Refused("x must have shape (hidden,)")
    body = Recurrence(engine, draw_weights(int(seed), hidden), x)
    dtype = "int64" if "int64" in engine.dtypes else "int32"
    limits = np.iinfo(dtype)
    upper = np.array(min(max(int(T), limits.min), limits.max), dtype)
    return looped(engine, [np.zeros((), dtype), upper], body, [x])


KINDS: dict[str, Callable[[Engine, Json], Leaves]] = {
    "loop": run_loop,
    "recurrence": run_recurrence,
}


def result_of(engine: Engine, case: Any) -> Json:
    """The result of a case, in one of the four forms."""
    need(isinstance(case, dict) and isinstance(case.get("kind"), str), "a case needs a kind")
    try:
        support(case["kind"] in KINDS, "a kind that is neither loop nor recurrence")
        return {"value": [encode(leaf) for leaf in KINDS[case["kind"]](engine, case)]}
    except Malformed:
        raise
    except NotImplementedError as error:
        return {"unsupported": str(error) or "the engine does not do this"}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except Exception as error:
        return {"crashed": f"{type(error).__name__}: {error}"}


def answer(engine: Engine, message: Any) -> Json:
    """The answer to a message."""
    need(isinstance(message, dict), "a message is an object")
    if message.get("type") == "hello":
        need(message.get("protocol") == 1, "this harness speaks version 1 of the protocol alone")
        return hello(engine)
    need(message.get("type") == "run", "a message is hello or run")
    need(is_integer(message.get("id"), 0, 2**53 - 1), "a run needs an id")
    need(isinstance(message.get("cases"), list), "a run needs cases")
    results = [result_of(engine, case) for case in message["cases"]]
    return {"type": "results", "id": message["id"], "results": results}


def load(place: str) -> Engine:
    """The engine of ``FILE.py``, ``FILE.py:CLASS``, ``MODULE`` or ``MODULE:CLASS``."""
    path, name = place.rsplit(":", 1) if ":" in place[2:] else (place, "Engine")
    if not path.endswith(".py"):
        return getattr(importlib.import_module(path), name)()  # type: ignore[no-any-return]
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return getattr(module, name)()  # type: ignore[no-any-return]


def main() -> None:
    """Answer each line; what else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        engine = load(sys.argv[1]) if len(sys.argv) > 1 else Engine()
    except (OSError, ImportError, AttributeError) as error:
        sys.exit(f"harness: the engine cannot be loaded: {error}")
    np.seterr(all="ignore")
    for line in sys.stdin.buffer:
        try:
            text = json.dumps(answer(engine, json.loads(line)))
        except (Malformed, ValueError, RecursionError) as error:
            sys.exit(f"harness: {error}")
        answers.write(text.encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
