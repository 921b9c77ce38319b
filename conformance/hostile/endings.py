"""Targets that end the process in which they are judged, or never return."""

from __future__ import annotations

__all__ = ["ENDINGS"]


def _called(text: str, *, more: str = "") -> str:
    """A loop that does this when it is called."""
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return f"{more}\ndef fori_loop(lower, upper, body_fun, init_val):\n{lines}\n" + _ARRAYS


_ARRAYS = 'fori_loop.foricheck = {"array_namespace": "numpy"}\n'

ENDINGS = {
    "exits with status 0": _called("import os; os._exit(0)"),
    "exits with status 0 when it is imported": "import os; os._exit(0)",
    "exits with status 0 at the sixth call": _called(
        "global calls\n"
        "calls += 1\n"
        "if calls > 5: import os; os._exit(0)\n"
        "return right(lower, upper, body_fun, init_val)",
        more="calls = 0",
    ),
    "calls sys.exit(0)": _called("import sys; sys.exit(0)"),
    "calls sys.exit(0) when it is imported": "import sys; sys.exit(0)",
    "raises KeyboardInterrupt": _called("raise KeyboardInterrupt"),
    "raises KeyboardInterrupt when it is imported": "raise KeyboardInterrupt",
    "raises GeneratorExit": _called("raise GeneratorExit"),
    "raises an exception without a text": _called(
        "raise Mute", more="class Mute(Exception):\n    def __str__(self): raise ValueError"
    ),
    "raises an exception that is its own cause": _called(
        "error = ValueError('around')\nerror.__cause__ = error\nraise error"
    ),
    "raises an exception with a text of 64 MiB": _called("raise ValueError('x' * 2**26)"),
    "replaces a builtin of Python": "import builtins\nbuiltins.any = lambda values: False",
    "kills itself": _called("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    "kills its process group": _called("import os, signal; os.killpg(0, signal.SIGKILL)"),
    "stops itself": _called("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    "sets an alarm": "import signal; signal.setitimer(signal.ITIMER_REAL, 0.01)",
    "reads address 0": _called("import ctypes; ctypes.string_at(0)"),
    "calls abort": _called("import os; os.abort()"),
    "recurses without end": _called("return fori_loop(lower, upper, body_fun, init_val)"),
    "recurses until the stack of C ends": _called(
        "deep = []\nfor _ in range(10**6): deep = [deep]\nrepr(deep)",
        more="import sys; sys.setrecursionlimit(10**9)",
    ),
    "allocates until 4 GiB are full": _called(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"
        "full = []\n"
        "while True: full.append(bytearray(2**26))"
    ),
    "waits without end": _called("import threading; threading.Event().wait()"),
    "waits for a lock that it holds": _called(
        "lock.acquire(); lock.acquire()", more="import threading; lock = threading.Lock()"
    ),
    "computes without end": _called("while True: pass"),
    "ignores signals and waits without end": _called(
        "import signal, threading\n"
        "for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "threading.Event().wait()"
    ),
    "closes every descriptor": _called("import os; os.closerange(0, 1024)"),
    "writes to every descriptor": _called(
        "import os\n"
        "for descriptor in range(256):\n"
        "    try: os.write(descriptor, bytes(range(100)))\n"
        "    except OSError: pass"
    ),
    "writes half a message to every descriptor": _called(
        "import os\n"
        "for descriptor in range(3, 256):\n"
        "    try: os.write(descriptor, bytes([0, 0, 0, 99]))\n"
        "    except OSError: pass\n"
        "import threading; threading.Event().wait()"
    ),
    "sends the parent a message that exits": _called(
        "import gc, os\n"
        "from multiprocessing.connection import Connection\n"
        "class Exit:\n"
        "    def __reduce__(self): return os._exit, (0,)\n"
        "for each in gc.get_objects():\n"
        "    if isinstance(each, Connection): each.send(Exit())\n"
        "return init_val"
    ),
    "sends the parent forged results": _called(
        "import gc\n"
        "from multiprocessing.connection import Connection\n"
        "from foricheck.judging.events import RuleFinished, RuleResult, RunFinished\n"
        "for each in gc.get_objects():\n"
        "    if isinstance(each, Connection):\n"
        "        for rule in ('ITER-01', 'CARRY-05'):\n"
        "            passed = RuleResult(id=rule, level='core', sentence='', status='passed')\n"
        "            each.send(RuleFinished(passed))\n"
        "        each.send(RunFinished('conformant'))\n"
        "return init_val"
    ),
    "forks, and both processes go on": _called("import os; os.fork()\nreturn init_val"),
}
"""What ends the process, or its answers; no run on it is conformant."""
