"""Targets that return what lies, and right ones that disturb what is around them."""

from __future__ import annotations

__all__ = ["LYING", "NUISANCE"]


def _returns(value: str, *, more: str = "") -> str:
    """A loop that returns this."""
    return f"""
{more}
def fori_loop(lower, upper, body_fun, init_val):
    result = right(lower, upper, body_fun, init_val)
    return {value}

fori_loop.foricheck = {{"array_namespace": "numpy"}}
"""


def _object(lines: str) -> str:
    return "class Answer:\n" + "\n".join(f"    {line}" for line in lines.splitlines())


LYING = {
    "an object that says it has a dtype and a shape": _returns(
        "Answer()", more=_object("dtype, shape, ndim, size = np.dtype('int32'), (8, 4), 2, 32")
    ),
    "an object that is equal to everything": _returns(
        "Answer()", more=_object("def __eq__(self, other): return True\n__hash__ = None")
    ),
    "an object that has every attribute": _returns(
        "Answer()", more=_object("def __getattr__(self, name): return self")
    ),
    "an object that says it is an array": _returns(
        "Answer()", more=_object("__class__ = property(lambda self: np.ndarray)")
    ),
    "an object that raises when it is made an array": _returns(
        "Answer()", more=_object("def __array__(self, *_, **__): raise SystemExit(0)")
    ),
    "an object whose repr raises": _returns(
        "Answer()", more=_object("def __repr__(self): raise SystemExit(0)")
    ),
    "an object whose repr has 64 MiB": _returns(
        "Answer()", more=_object("def __repr__(self): return 'x' * 2**26")
    ),
    "an object whose repr does not end": _returns(
        "Answer()", more=_object("def __repr__(self):\n    while True: pass")
    ),
    "a generator": _returns("(each for each in [result])"),
    "an iterator without an end": _returns("__import__('itertools').count()"),
    "a list that contains itself": _returns("around", more="around = []\naround.append(around)"),
    "a tuple of depth 100,000": _returns(
        "deep", more="deep = ()\nfor _ in range(100_000): deep = (deep,)"
    ),
    "a dict with keys of several types": _returns("{1: result, 'a': result, None: result}"),
    "a class": _returns("np.ndarray"),
    "an array of objects": _returns("np.array([None, result, {}], object)"),
    "an array that a thread goes on changing": """
import threading

def change(array):
    while True:
        array += 1

def fori_loop(lower, upper, body_fun, init_val):
    result = np.array(right(lower, upper, body_fun, init_val))
    threading.Thread(target=change, args=(result,), daemon=True).start()
    return result

fori_loop.foricheck = {"array_namespace": "numpy"}
""",
    "an array that is freed": """
import ctypes, mmap

def fori_loop(lower, upper, body_fun, init_val):
    result = np.asarray(right(lower, upper, body_fun, init_val))
    return np.lib.stride_tricks.as_strided(result, result.shape, (2**40,) * result.ndim)

fori_loop.foricheck = {"array_namespace": "numpy"}
""",
}
"""What is returned in place of the carry, which no rule accepts."""


def _before(text: str) -> str:
    """A right loop that does this at every call."""
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return f"""
def fori_loop(lower, upper, body_fun, init_val):
{lines}
    return right(lower, upper, body_fun, init_val)

fori_loop.foricheck = {{"array_namespace": "numpy"}}
"""


NUISANCE = {
    "closes stdin, stdout and stderr": _before("import os; os.closerange(0, 3)"),
    "sets stdout and stderr to None": "import sys; sys.stdout = sys.stderr = None",
    "writes to stdout": _before("import os; os.write(1, b'CONFORMANT {\"verdict\": 1}\\n')"),
    "writes 64 MiB to stderr": "import os\nfor _ in range(2**10): os.write(2, b'x' * 2**16)",
    "changes and removes the directory": _before(
        "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.rmdir(os.getcwd())"
    ),
    "removes the directory of Hypothesis": _before(
        "import os, shutil\n"
        "shutil.rmtree(os.environ['HYPOTHESIS_STORAGE_DIRECTORY'], ignore_errors=True)"
    ),
    "clears the environment": "import os; os.environ.clear()",
    "lowers the limit of recursion": _before("import sys; sys.setrecursionlimit(200)"),
    "handles every signal": """
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, lambda *_: None)
""",
    "makes warnings errors": _before("import warnings; warnings.simplefilter('error')"),
    "warns": _before("import warnings; warnings.warn('at every call', stacklevel=1)"),
    "makes floating-point errors raise": _before("np.seterr(all='raise')"),
    "seeds random numbers": _before("import random; random.seed(0); np.random.seed(0)"),
    "prints arrays in another way": _before("np.set_printoptions(precision=1, threshold=1)"),
    "stops the clock": "import time\ntime.monotonic = time.perf_counter = time.time = lambda: 0.0",
    "disables the collection of garbage": "import gc; gc.disable(); gc.freeze()",
    "forks a process that lives on": _before(
        "import os, time\n"
        "global forked\n"
        "if not forked:\n"
        "    forked = True\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(20)\n"
        "        os._exit(0)"
    )
    + "forked = False\n",
    "starts a process that lives on": "import subprocess; subprocess.Popen(['sleep', '20'])",
    "starts a thread that goes on": """
import threading

def busy():
    while True: pass

threading.Thread(target=busy, daemon=True).start()
""",
    "starts a thread that never ends": """
import threading
threading.Thread(target=threading.Event().wait).start()
""",
    "changes the flags of JAX": """
import jax
import jax.numpy as jnp

def fori_loop(lower, upper, body_fun, init_val):
    jax.config.update("jax_enable_x64", not jax.config.jax_enable_x64)
    jax.config.update("jax_debug_nans", True)
    jax.config.update("jax_numpy_rank_promotion", "raise")
    return right(lower, upper, body_fun, init_val)

fori_loop.foricheck = {"array_namespace": "numpy"}
""",
    "goes to a session of its own": "import os; os.getsid(0) == os.getpid() or os.setsid()",
    "leaves no descriptor free": _before(
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))"
    ),
}
"""What a right loop does besides, which changes no verdict."""
