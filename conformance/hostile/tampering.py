"""Wrong targets that change the judge when they are imported, by what they change."""

from __future__ import annotations

WRONG = """
import numpy as np

def fori_loop(lower, upper, body_fun, init_val):
    return init_val
"""
"""A loop that does nothing."""

TAMPERING = {
    "assertions replaced by no-ops": """
import importlib, pkgutil
import foricheck.conformance as rules

for module in pkgutil.iter_modules(rules.__path__, "foricheck.conformance."):
    if ".test_" in module.name:
        names = vars(importlib.import_module(module.name))
        names.update({name: lambda *a, **k: None for name in names if name.startswith("must_")})
""",
    "comparison": """
from foricheck.comparison import assertions

assertions.difference = lambda *trees: None
assertions.differs = lambda expected, got: np.zeros(expected.shape, bool)
""",
    "oracle": """
from foricheck.oracle import programs

programs.run = lambda cases: cases.carry
""",
    "flatnonzero": "np.flatnonzero = lambda values: np.zeros(0, int)",
    "other functions of NumPy": """
np.isnan = lambda values: np.ones(np.shape(values), bool)
np.array_equal = np.allclose = lambda *arrays, **options: True
np.testing.assert_array_equal = lambda *arrays: None
""",
    "a function of NumPy that now raises": "np.isnan = lambda values: 1 / 0",
    "checking": """
from foricheck.judging import checker
from foricheck.judging.checking import Observation

checker.check = lambda *arguments: Observation()
""",
    "the type of a violation": """
from foricheck.judging import checking

checking.Violation = type("Never", (Exception,), {})
""",
    "subject": """
from foricheck.oracle import programs
from foricheck.targets.numpy.loop import NumpyLoop

NumpyLoop.run = lambda self, cases: programs.run(cases)
""",
    "no examples": """
from foricheck.judging import drawing

drawing._run = lambda *arguments, **options: None
""",
    "Hypothesis": """
import hypothesis
from foricheck.judging import drawing

drawing.given = hypothesis.given = lambda *a, **k: lambda function: lambda: None
drawing.settings = lambda **options: lambda function: function
hypothesis.seed = lambda seed: lambda function: function
""",
    "results": """
from foricheck.judging import variants

kept = variants.replace
passed = {"status": "passed", "failure": None}
variants.replace = lambda one, **new: kept(one, **new | (passed if "status" in new else {}))
""",
    "events": """
from dataclasses import replace
from foricheck.judging import run
from foricheck.judging.events import RuleFinished

run.RuleFinished = lambda one: RuleFinished(replace(one, status="passed", failure=None))
""",
    "messages": """
from dataclasses import replace
from multiprocessing.connection import Connection
from foricheck.judging.events import RuleFinished

kept = Connection.send

def send(self, message):
    if isinstance(message, RuleFinished):
        message = RuleFinished(replace(message.result, status="passed", failure=None))
    kept(self, message)

Connection.send = send
""",
    "what confirms a failure": """
from dataclasses import replace
from foricheck.judging import confirming

confirming._Confirming.result = lambda self: replace(self._found, status="passed", failure=None)
""",
    "the message that a failure is confirmed": """
from dataclasses import replace
from foricheck.runner import worker

kept = worker.Confirmed
worker.Confirmed = lambda result: kept(replace(result, status="passed", failure=None))
""",
    "the code of the function that checks": """
from foricheck.judging import checking
from foricheck.judging.checking import Observation

checking.check.__code__ = (lambda rule, subject, cases: Observation()).__code__
""",
    "no rules": """
from foricheck.judging import plan
from foricheck.rules import registry

plan.select = registry.select = lambda *arguments, **options: ()
""",
    "budgets of nothing": """
from foricheck.rules import draws
from foricheck.judging import enumerating

enumerating.judge_enumerated = lambda *arguments: None
from foricheck.judging import judge
judge.judge_enumerated = judge.judge_bulk = judge.judge_drawn = lambda *arguments: None
""",
    "every rule skipped": """
from foricheck.judging import run, variants

run.judge_rule = lambda plan, rule, *others: variants.skipped(rule, "")
""",
    "canaries": """
from foricheck.judging import canaries

canaries.Canaries.judge = lambda self, **options: None
""",
    "a thread, once the loop is called": """
import threading

def later():
    from foricheck.judging import checker
    from foricheck.judging.checking import Observation

    called.wait()
    checker.check = lambda *arguments: Observation()

called, thread = threading.Event(), threading.Thread(target=later, daemon=True)
thread.start()

def fori_loop(lower, upper, body_fun, init_val):
    called.set()
    thread.join()
    return init_val
""",
}
"""What makes the judge acquit, so that no verdict may follow."""

HARMLESS = {
    "the function that confirms, where it is not called": """
from dataclasses import replace
from foricheck.judging import confirming

confirming.confirmed = lambda plan, rule, result, emit: replace(result, status="passed")
""",
    "random numbers": "import random\nrandom.random = lambda: 0.0\nrandom.seed(0)",
    "an audit hook": "import sys\nsys.addaudithook(lambda event, arguments: None)",
    "an exit hook": "import atexit, os\natexit.register(lambda: os._exit(0))",
    "a trace hook": "import sys\nsys.settrace(lambda *_: None)\nsys.setprofile(lambda *_: None)",
    "arrays equal to everything": """
class Equal(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __ne__(self, other):
        return np.zeros(self.shape, bool)

right = fori_loop

def fori_loop(lower, upper, body_fun, init_val):
    return init_val.view(Equal) if isinstance(init_val, np.ndarray) else init_val
""",
}
"""What does not reach the verdict."""
