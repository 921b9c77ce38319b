"""JAX's flags: which are set back, and which are honoured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jax
import pytest

from foricheck import check
from foricheck.errors import RequestError
from foricheck.targets.jax import flags


@pytest.mark.parametrize(
    "set_to",
    [
        "JAX_DISABLE_JIT=1",
        "JAX_DISABLE_JIT=True",
        "JAX_NO_TRACING=1",
        "JAX_NO_EXECUTION=1",
        "JAX_CHECK_TRACER_LEAKS=1",
        "JAX_DEBUG_NANS=1",
        "JAX_DEBUG_INFS=yes",
        "JAX_ERROR_CHECKING_BEHAVIOR_NAN=raise",
        "JAX_DEFAULT_PRNG_IMPL=rbg",
        "JAX_THREEFRY_PARTITIONABLE=false",
        "JAX_RANDOM_SEED_OFFSET=7",
        "JAX_ENABLE_CUSTOM_PRNG=1",
        "JAX_LEGACY_PRNG_KEY=error",
        "JAX_DEBUG_KEY_REUSE=1",
        "JAX_NUMPY_DTYPE_PROMOTION=strict",
        "JAX_NUMPY_RANK_PROMOTION=raise",
        "JAX_DEFAULT_MATMUL_PRECISION=bfloat16",
        "JAX_TRANSFER_GUARD=disallow",
        "JAX_TRANSFER_GUARD_HOST_TO_DEVICE=disallow",
    ],
)
def test_what_breaks_a_correct_target_is_set_back_with_a_reason(set_to: str) -> None:
    name, _, value = set_to.partition("=")
    environ = {name: value, "HOME": "/home"}
    (note,) = flags.set_back_environment(environ)
    assert note.startswith(f"{set_to}: ")
    assert environ == {"HOME": "/home"}


@pytest.mark.parametrize(
    "set_to",
    [
        "JAX_DISABLE_JIT=0",
        "JAX_DEBUG_NANS=false",
        "JAX_THREEFRY_PARTITIONABLE=1",
        "JAX_DEFAULT_PRNG_IMPL=threefry2x32",
        "JAX_NUMPY_RANK_PROMOTION=warn",
        "JAX_DEFAULT_MATMUL_PRECISION=highest",
        "JAX_TRANSFER_GUARD=log",
        "JAX_ENABLE_X64=1",
        "JAX_PLATFORMS=cpu",
        "JAX_LOG_COMPILES=1",
        "JAX_TRACEBACK_FILTERING=off",
        "JAX_ENABLE_CHECKS=1",
        "JAX_SOFTMAX_CUSTOM_JVP=1",
        "XLA_FLAGS=--xla_cpu_enable_fast_math=true",
    ],
)
def test_what_a_correct_target_bears_is_honoured_and_reported(set_to: str) -> None:
    name, _, value = set_to.partition("=")
    environ = {name: value, "HOME": "/home"}
    assert flags.set_back_environment(environ) == ()
    assert flags.honoured(environ) == {name: value}


@pytest.mark.parametrize("setting", flags.SET_BACK, ids=lambda setting: setting.flag)
def test_what_a_flag_is_set_back_to_is_what_jax_has(setting: flags.Setting) -> None:
    assert setting.is_honoured(getattr(jax.config, setting.option, setting.default))


def test_a_flag_that_another_process_has_set_is_refused() -> None:
    with jax.debug_nans(True), pytest.raises(RequestError, match="JAX_DEBUG_NANS=True: cases cont"):
        check(jax.lax.fori_loop, rules="ITER-02")


def test_what_a_target_sets_is_set_back() -> None:
    jax.config.update("jax_debug_infs", True)
    assert flags.set_back_config() == (
        "JAX_DEBUG_INFS=True: cases contain NaN and infinities on purpose (set by the target)",
    )
    assert jax.config.jax_debug_infs is False


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("JAX_PLATFORMS", "nosuch", "JAX cannot be used here: RuntimeError: "),
        ("JAX_ENABLE_X64", "maybe", "JAX cannot be used here: ValueError: invalid truth value"),
    ],
)
def test_what_jax_refuses_is_one_line(tmp_path: Path, name: str, value: str, line: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "foricheck", "run", "--rules", "ITER-02"],
        cwd=tmp_path,
        env=os.environ | {"JAX_PLATFORMS": "cpu", name: value},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (said,) = ended.stderr.splitlines()
    assert said.startswith(f"foricheck: {line}")
