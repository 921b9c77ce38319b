"""Describe and emit loops that permute their leaves."""

from __future__ import annotations

from foricheck.cases.batch import Array
from foricheck.cases.loop import PermutedBatch
from foricheck.cases.variants import Variant
from foricheck.evidence.script import calls
from foricheck.evidence.script.values import bound

__all__ = ["describe", "permuted"]


def describe(case: PermutedBatch) -> str:
    """The case in words: the loop, then one leaf per line."""
    bounds = f"lower = {case.lower}, upper = {case.upper} ({case.dtype})"
    leaves = [f"c[{index}] = {_literal(leaf)}" for index, leaf in enumerate(case.leaves)]
    return "\n".join([f"{bounds}, body: c ← {_permuted_leaves(case)}", *leaves])


def permuted(variant: Variant, case: PermutedBatch) -> list[str]:
    """The script: the body and the call of its loop."""
    body = f"def body(i, c):\n    return {_permuted_leaves(case)}"
    lower, upper = (bound(variant, case.dtype, each) for each in (case.lower, case.upper))
    leaves = "".join(f"    xp.array({_literal(leaf)}),\n" for leaf in case.leaves)
    return [body, calls.loop(variant, lower, upper, f"(\n{leaves})")]


def _permuted_leaves(case: PermutedBatch) -> str:
    leaves = [f"c[{index}]" for index in case.permutation]
    return f"({leaves[0]},)" if len(leaves) == 1 else f"({', '.join(leaves)})"


def _literal(leaf: Array) -> str:
    """An array as an expression that evaluates to the same bits."""
    name, shape = "bool_" if leaf.dtype == bool else leaf.dtype.name, leaf.shape
    if not leaf.size:
        return f"np.zeros({shape}, np.{name})"
    if leaf.dtype.kind != "c":
        return f"np.array({_list(leaf)}, np.{name})"
    parts = leaf.reshape(-1).view(leaf.real.dtype)  # adding the parts would lose signs of zeros
    flat = f"np.array({_list(parts)}, np.{parts.dtype.name}).view(np.{name})"
    return flat if leaf.ndim == 1 else f"{flat}.reshape({shape})"


def _list(values: Array) -> str:
    return str(values.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
