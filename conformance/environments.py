"""The bundled reference under many environments: ``python -m foricheck.conformance.environments``.

Prints ``conformance/evidence/environments.md``: for each flag of JAX and XLA the decision, the exit
status, and the line that says so. A few rules that the flags could break are judged.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

RULES = "ITER-02,CARRY-10,REC-01,GRAD-01,XFORM-01,ERROR-01"

ENVIRONMENTS = (
    "JAX_DISABLE_JIT=1",
    "JAX_NO_TRACING=1",
    "JAX_NO_EXECUTION=1",
    "JAX_CHECK_TRACER_LEAKS=1",
    "JAX_DEBUG_NANS=1",
    "JAX_DEBUG_INFS=1",
    "JAX_ERROR_CHECKING_BEHAVIOR_NAN=raise",
    "JAX_ERROR_CHECKING_BEHAVIOR_OOB=raise",
    "JAX_DEFAULT_PRNG_IMPL=rbg",
    "JAX_DEFAULT_PRNG_IMPL=nosuch",
    "JAX_THREEFRY_PARTITIONABLE=false",
    "JAX_RANDOM_SEED_OFFSET=7",
    "JAX_ENABLE_CUSTOM_PRNG=1",
    "JAX_LEGACY_PRNG_KEY=error",
    "JAX_DEBUG_KEY_REUSE=1",
    "JAX_ACCURATE_ERF_INV=1",
    "JAX_NUMPY_DTYPE_PROMOTION=strict",
    "JAX_NUMPY_RANK_PROMOTION=raise",
    "JAX_DEFAULT_MATMUL_PRECISION=bfloat16",
    "JAX_DEFAULT_MATMUL_PRECISION=highest",
    "JAX_TRANSFER_GUARD=disallow",
    "JAX_THREAD_GUARD=1",
    "JAX_ENABLE_X64=1",
    "JAX_ENABLE_X64=maybe",
    "JAX_PLATFORMS=tpu",
    "JAX_ENABLE_CHECKS=1",
    "JAX_LOG_COMPILES=1",
    "JAX_TRACEBACK_FILTERING=off",
    "JAX_SOFTMAX_CUSTOM_JVP=1",
    "JAX_USE_SHARDY_PARTITIONER=0",
    "JAX_DISABLE_MOST_OPTIMIZATIONS=1",
    "JAX_ENABLE_COMPILATION_CACHE=0",
    "JAX_NUM_CPU_DEVICES=4",
    "JAX_USE_DIRECT_LINEARIZE=0",
    "JAX_MUTABLE_ARRAY_CHECKS=0",
    "JAX_REMAT3=1",
    "JAX_CUSTOM_JVP3=1",
    "JAX_CUSTOM_VJP3=1",
    "JAX_SCAN3=1",
    "EAGER_CONSTANT_FOLDING=1",
    "XLA_FLAGS=--xla_cpu_enable_fast_math=true",
    "XLA_FLAGS=--xla_force_host_platform_device_count=1",
    "XLA_FLAGS=--nosuch",
    "PYTHONOPTIMIZE=2",
)

_SHOWN = 160
"""Characters of a line that the table shows."""


def row(setting: str) -> str:
    """One row of the table: how a run in this environment ends."""
    name, _, value = setting.partition("=")
    with tempfile.TemporaryDirectory() as directory:
        ended = subprocess.run(
            [sys.executable, "-m", "foricheck", "run", "--rules", RULES, "--profile", "quick"],
            cwd=directory,
            env=os.environ | {"JAX_PLATFORMS": "cpu", "COLUMNS": "300", name: value},
            capture_output=True,
            text=True,
        )
    decision, line = _decision(ended.stdout), _line(ended)
    return f"| `{setting}` | {decision} | {ended.returncode} | {_short(line)} |"


def _decision(report: str) -> str:
    if not report:
        return "refused"
    noted = [line for line in report.splitlines() if line.startswith("  set back")]
    return f"set back: {noted[0].partition(': ')[2]}" if noted else "honoured"


def _line(ended: subprocess.CompletedProcess[str]) -> str:
    """The verdict, or the complaint."""
    words = ("CONFORMANT", "NONCONFORMANT", "NO VERDICT", "foricheck: ")
    lines = (ended.stdout + ended.stderr).splitlines()
    line = next((line for line in lines if line.startswith(words)), "")
    return line.replace(f"; on the part {RULES}", "")


def _short(line: str) -> str:
    line = " ".join(line.replace("|", "\\|").split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def main() -> None:
    """Print the table."""
    print("# The bundled reference under flags of JAX\n")
    print("Made by `python -m foricheck.conformance.environments`, which judges, in each")
    print(f"environment, the rules {RULES} with the profile quick.\n")
    print("| environment | decision | exit status | line |\n|---|---|---|---|")
    for setting in ENVIRONMENTS:
        print(row(setting), flush=True)
    print("\n`JAX_SCAN3=1` selects an unfinished `scan` of JAX, which returns wrong values.")


if __name__ == "__main__":
    main()
