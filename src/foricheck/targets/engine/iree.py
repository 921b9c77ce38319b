"""IREE: a compiler and a virtual machine for StableHLO, with its default flags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.targets.engine.engine import Engine

__all__ = ["IREE"]


def convert(function: Callable[..., Any], *examples: Any) -> Callable[..., Any]:
    """A function of arrays as an IREE module, compiled for this machine's CPU."""
    import iree.compiler
    import iree.runtime
    import jax
    import numpy as np
    from jax import export

    exported = export.export(jax.jit(function, keep_unused=True))(*examples)
    compiled = iree.compiler.compile_str(
        exported.mlir_module(),
        input_type="stablehlo",
        target_backends=["llvm-cpu"],
        extra_args=["--iree-llvmcpu-target-cpu=generic"],
    )
    module = iree.runtime.load_vm_flatbuffer(compiled, driver="local-task")

    def run(*arguments: Any) -> list[Any]:
        given = zip(arguments, exported.in_avals, strict=True)
        result = module.main(*(np.asarray(each, kind.dtype) for each, kind in given))
        several = result if isinstance(result, tuple | list) else [result]
        return [each.to_host().copy() for each in several if each is not None]

    return run


IREE = Engine(
    name="IREE",
    modules=("iree.compiler", "iree.runtime"),
    convert=convert,
    extra="iree",
    lanes=64,
    branches=False,  # its compiler refuses an update in place inside a branch
    max_trips=2**17,
    max_hidden=512,
)
"""``iree-base-compiler`` and ``iree-base-runtime``."""
