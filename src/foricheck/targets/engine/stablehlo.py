"""The StableHLO interpreter inside jaxlib: the reference implementation of the operations.

It runs a program operation by operation, as its specification is written, and shares neither
XLA's compiler nor its kernels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.targets.engine.engine import Engine

__all__ = ["STABLEHLO"]


def convert(function: Callable[..., Any], *examples: Any) -> Callable[..., Any]:
    """A function of arrays as a program that the interpreter evaluates.

    Its Python bindings take no booleans and no complex numbers: they become bytes and pairs.
    """
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax import export
    from jaxlib.mlir import ir
    from jaxlib.mlir.dialects import stablehlo

    def packed(leaf: Any, xp: Any) -> Any:
        match jnp.result_type(leaf).kind:
            case "b":
                return xp.asarray(leaf).astype(xp.uint8)
            case "c":
                return xp.stack([xp.real(leaf), xp.imag(leaf)], axis=-1)
            case _:
                return leaf

    def unpacked(leaf: Any, kind: Any) -> Any:
        match kind.dtype.kind:
            case "b":
                return leaf.astype(bool)
            case "c" if isinstance(leaf, np.ndarray):
                return leaf.view(kind.dtype)[..., 0]
            case "c":
                return jax.lax.complex(leaf[..., 0], leaf[..., 1])
            case _:
                return leaf

    kinds = [jax.typeof(example) for example in examples]
    wanted = jax.eval_shape(function, *examples)

    def program(*leaves: Any) -> list[Any]:
        given = [unpacked(*pair) for pair in zip(leaves, kinds, strict=True)]
        return [packed(leaf, jnp) for leaf in function(*given)]

    exported = export.export(jax.jit(program, keep_unused=True))(
        *(packed(example, np) for example in examples)
    )
    context = ir.Context()
    module = stablehlo.deserialize_portable_artifact(context, exported.mlir_module_serialized)
    main: Any = module.body.operations[0]

    def run(*leaves: Any) -> list[Any]:
        with context:
            given = []
            types = main.type.inputs
            for leaf, kind, type in zip(leaves, kinds, types, strict=True):
                array: Any = np.asarray(packed(np.asarray(leaf, kind.dtype), np))
                element = ir.RankedTensorType(type).element_type
                given.append(ir.DenseElementsAttr.get(array, type=element, shape=array.shape))
            results = [np.array(each) for each in stablehlo.eval_module(module, given)]
        return [unpacked(*pair) for pair in zip(results, wanted, strict=True)]

    return run


STABLEHLO = Engine(
    name="the StableHLO interpreter",
    modules=("jaxlib.mlir.dialects.stablehlo",),
    convert=convert,
    lanes=16,
    max_trips=2**9,
    max_hidden=17,
)
"""``stablehlo.eval_module``."""
