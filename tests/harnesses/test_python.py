"""The harness in Python with an engine of one's own."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.strategies.iter import loops
from foricheck.targets.wire.cases import of_case, of_loops, of_permuted

from .driver import HELLO, end, started
from .languages import SOURCES

HARNESS = SOURCES / "python" / "harness.py"
IMPORTS = "import numpy as np\nfrom harness import Engine as Base\n"
LOOP = of_loops(loops.recording("int32", [0], [3]))[0]
RECURRENCE = of_case(RecurrenceBatch(1, np.array([7]), np.ones((1, 1), np.float32), np.array([2])))


def command(engine: str, directory: Path) -> list[str]:
    """What starts the harness with an engine that inherits from the one over NumPy."""
    path = directory / "my_engine.py"
    path.write_text(f"{IMPORTS}class Engine(Base):\n{engine}", encoding="utf-8")
    return [sys.executable, str(HARNESS), str(path)]


def result(engine: str, case: Any, directory: Path) -> Any:
    """The result of a case."""
    with started(command(engine, directory)) as harness:
        return harness.result(case)


def imports(path: Path) -> set[str]:
    """The modules that a file imports."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=str(module)):
                names.add(module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("name", "packages"),
    [("harness.py", {"numpy"}), ("torch_engine.py", {"harness", "numpy", "torch"})],
)
def test_it_needs_no_other_package(name: str, packages: set[str]) -> None:
    assert imports(HARNESS.parent / name) - set(sys.stdlib_module_names) == packages


def test_an_engine_declares_its_limits(tmp_path: Path) -> None:
    engine = "    max_cases, max_trips, dtypes = 16, 1000, ('int32',)\n"
    with started(command(engine, tmp_path)) as harness:
        hello = harness.ask(HELLO)
    assert (hello["max_cases"], hello["max_trips"], hello["dtypes"]) == (16, 1000, ["int32"])


def test_without_tanh_it_is_no_recurrence(tmp_path: Path) -> None:
    with started(command("    tanh = property()\n", tmp_path)) as harness:
        assert harness.ask(HELLO)["kinds"] == ["loop"]


def test_bounds_that_it_does_not_declare_are_unsupported(tmp_path: Path) -> None:
    case = of_loops(loops.recording("int8", [0], [3]))[0]
    got = result("    dtypes = ('int32',)\n", case, tmp_path)
    assert got == {"unsupported": "bounds of int8"}


RAISED = [
    ("NotImplementedError('no such leaf')", {"unsupported": "no such leaf"}),
    ("TypeError('not this')", {"refused": "not this"}),
    ("ZeroDivisionError('by zero')", {"crashed": "ZeroDivisionError: by zero"}),
]


@pytest.mark.parametrize(("error", "got"), RAISED)
def test_an_error_of_its_loop_is_a_result(error: str, got: Any, tmp_path: Path) -> None:
    engine = f"    def fori_loop(self, *_):\n        raise {error}\n"
    assert result(engine, LOOP, tmp_path) == got


def test_a_leaf_that_it_cannot_hold_is_unsupported(tmp_path: Path) -> None:
    engine = """\
    def array(self, values):
        if values.dtype == np.float16:
            raise NotImplementedError("leaves of float16")
        return values
"""
    case = of_permuted(PermutedBatch("int32", 0, 1, (0,), (np.zeros(2, np.float16),)))
    assert result(engine, case, tmp_path) == {"unsupported": "leaves of float16"}


def test_a_leaf_that_has_no_form_is_a_crash(tmp_path: Path) -> None:
    engine = "    def numpy(self, array):\n        return np.asarray(array, object)\n"
    assert "object" in result(engine, LOOP, tmp_path)["crashed"]


PRINTING = (
    "    print('hello')\n",
    "    def tanh(self, array):\n        print('tanh')\n        return array\n",
    "    import os\n    os.write(1, b'from another language')\n",
)


@pytest.mark.parametrize("engine", PRINTING)
def test_what_an_engine_prints_is_no_answer(engine: str, tmp_path: Path) -> None:
    with started(command(engine, tmp_path)) as harness:
        forms = [list(result) for result in harness.results([LOOP, RECURRENCE])]
    assert forms == [["value"], ["value"]]


def test_an_engine_may_be_a_class_of_a_module(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(f"{IMPORTS}class Mine(Base):\n    name = 'mine'\n")
    (tmp_path / "harness.py").write_bytes(HARNESS.read_bytes())
    start = [sys.executable, str(tmp_path / "harness.py"), "mine:Mine"]
    with started(start) as harness:
        assert harness.ask(HELLO)["name"] == "mine"


def test_an_engine_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    ended = end([sys.executable, str(HARNESS), str(tmp_path / "nothing.py")], "")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
