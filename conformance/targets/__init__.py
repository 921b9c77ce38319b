"""Named targets: loops of other libraries, engines and languages.

``foricheck run NAME`` judges one of them. Importing this package imports none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ADAPTERS", "Adapter"]


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """A named target.

    Attributes:
        name: the name for ``foricheck run``, without a colon.
        place: the target for ``foricheck run``: ``module:attribute``, or ``exec:COMMAND`` in which
            ``{conformance}`` is replaced by the directory of the rules, ``{python}`` by the Python
            that runs foricheck.
        summary: a one-sentence description.
        packages: the modules it needs; the first belongs to the library under test.
        tools: the programs it needs.
        extra: the extra of foricheck that installs the packages, or ``""``.
        without: capabilities it lacks, in addition to those it declares itself.
    """

    name: str
    place: str
    summary: str
    packages: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    extra: str = ""
    without: tuple[str, ...] = ()


_LISTED = (
    Adapter(
        name="jax",
        place="jax.lax:fori_loop",
        packages=("jax",),
        summary="jax.lax.fori_loop, which the documents are about.",
    ),
    Adapter(
        name="flax",
        place="flax.nnx:fori_loop",
        packages=("flax",),
        summary="flax.nnx.fori_loop, whose carry may hold modules.",
        without=("one_trace",),  # an extra trace detects which state the body changes
    ),
    Adapter(
        name="haiku",
        place="foricheck.conformance.targets.haiku_loops:in_apply",
        packages=("haiku",),
        extra="haiku",
        summary="hk.fori_loop, called in the apply of a transformed function.",
    ),
    Adapter(
        name="haiku-init",
        place="foricheck.conformance.targets.haiku_loops:in_init",
        packages=("haiku",),
        extra="haiku",
        summary="hk.fori_loop, called in the init of a transformed function.",
    ),
    Adapter(
        name="numpyro",
        place="numpyro.util:fori_loop",
        packages=("numpyro",),
        extra="numpyro",
        summary="numpyro.util.fori_loop.",
    ),
    Adapter(
        name="numpyro-python",
        place="foricheck.conformance.targets.numpyro_python:loop",
        packages=("numpyro",),
        extra="numpyro",
        summary="The same under control_flow_prims_disabled: a Python loop, to debug models.",
    ),
    Adapter(
        name="brainstate",
        place="foricheck.conformance.targets.brainstate_loops:counted",
        packages=("brainstate",),
        extra="brainstate",
        summary="brainstate.transform.while_loop, counting.",
    ),
    Adapter(
        name="keras-jax",
        place="foricheck.conformance.targets.keras_jax:loop",
        packages=("keras",),
        extra="keras",
        summary="keras.ops.fori_loop on the JAX backend.",
    ),
    Adapter(
        name="keras-numpy",
        place="foricheck.conformance.targets.keras_numpy:loop",
        packages=("keras",),
        extra="keras",
        summary="keras.ops.fori_loop on the NumPy backend, a Python loop.",
    ),
    Adapter(
        name="keras-tensorflow",
        place="foricheck.conformance.targets.keras_tensorflow:eager",
        packages=("keras", "tensorflow"),
        extra="keras-tensorflow",
        summary="keras.ops.fori_loop on the TensorFlow backend, outside a graph.",
    ),
    Adapter(
        name="keras-tf-function",
        place="foricheck.conformance.targets.keras_tensorflow:in_function",
        packages=("keras", "tensorflow"),
        extra="keras-tensorflow",
        summary="The same inside tf.function, where it is a loop of a graph.",
    ),
    Adapter(
        name="keras-openvino",
        place="foricheck.conformance.targets.keras_openvino:loop",
        packages=("keras", "openvino", "scipy"),
        extra="keras-openvino",
        summary="keras.ops.fori_loop on the OpenVINO backend, which compiles a graph.",
    ),
    Adapter(
        name="c",
        place="exec:sh {conformance}/harnesses/c/run.sh",
        tools=("sh", "cc"),
        summary="The reference harness in C, compiled when it is first run.",
    ),
    Adapter(
        name="javascript",
        place="exec:node {conformance}/harnesses/js/harness.mjs",
        tools=("node",),
        summary="The reference harness in JavaScript.",
    ),
    Adapter(
        name="python",
        place="exec:{python} {conformance}/harnesses/python/harness.py",
        packages=("numpy",),
        summary="The reference harness in Python, a loop over NumPy arrays.",
    ),
    Adapter(
        name="torch",
        place="exec:{python} {conformance}/harnesses/python/harness.py "
        "{conformance}/harnesses/python/torch_engine.py",
        packages=("torch",),
        extra="torch",
        summary="A Python loop over tensors of torch, behind the harness in Python.",
    ),
    Adapter(
        name="torch-while-loop",
        place="exec:{python} {conformance}/harnesses/python/harness.py "
        "{conformance}/harnesses/python/torch_engine.py:WhileLoop",
        packages=("torch",),
        extra="torch",
        summary="torch.while_loop, counting, behind the harness in Python.",
    ),
    Adapter(
        name="stablehlo",
        place="foricheck.conformance.targets.stablehlo:loops",
        packages=("jaxlib",),
        summary="jax.lax.fori_loop, exported, and run by the StableHLO interpreter in jaxlib.",
    ),
    Adapter(
        name="iree",
        place="foricheck.conformance.targets.iree:loops",
        packages=("iree", "iree.compiler", "iree.runtime"),
        extra="iree",
        summary="jax.lax.fori_loop, exported, and run by IREE.",
    ),
    Adapter(
        name="onnxruntime",
        place="foricheck.conformance.targets.onnxruntime:loops",
        packages=("onnxruntime", "jax2onnx"),
        extra="onnxruntime",
        summary="jax.lax.fori_loop, converted by jax2onnx, and run by onnxruntime.",
    ),
)

ADAPTERS: dict[str, Adapter] = {adapter.name: adapter for adapter in _LISTED}
"""The targets by name, in order."""

assert len(ADAPTERS) == len(_LISTED), "two targets have the same name"
