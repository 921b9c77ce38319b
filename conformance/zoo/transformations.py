"""Loops that are right when called, and wrong when compiled, exported, debugged or surrounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, is_weak
from .caching import is_concrete
from .iteration import structure
from .member import Body, Bound, Carry, Index, Unroll, wrong


@wrong("dtype", caught_by=("XFORM-01",))
def weak_bounds_as_python_ints(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes weakly typed bounds Python ints, which they no longer are inside of jit."""
    lower, upper = (int(bound) if is_weak(bound) else bound for bound in (lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_compiled: dict[Body, Callable[[Carry], Carry]] = {}


@wrong("caching", caught_by=("XFORM-01", "ITER-09"))
def compiled_once_for_a_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps a jitted loop for each body, closed over the bounds of the first call: tracers leak."""

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    return _compiled.setdefault(body_fun, jax.jit(run))(init_val)


@wrong("tracing", caught_by=("XFORM-07",))
def takes_the_first_branch(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Interprets the body's program by itself, and of a conditional only the first branch."""

    def body(i: Index, carry: Carry) -> Carry:
        program, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
        out = _interpreted(program.jaxpr, program.consts, jax.tree.leaves((i, carry)))
        return jax.tree.unflatten(structure(shapes), out)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _interpreted(program: Any, consts: list[Any], args: list[Any]) -> list[Any]:
    """Evaluate a jaxpr, whose conditionals lose all branches but one."""
    names = dict(zip((*program.constvars, *program.invars), (*consts, *args), strict=True))

    def read(atom: Any) -> Any:
        return atom.val if hasattr(atom, "val") else names[atom]

    for line in program.eqns:
        values = [read(atom) for atom in line.invars]
        if line.primitive.name == "cond":
            branch = line.params["branches"][0]
            out = jax.core.eval_jaxpr(branch.jaxpr, branch.consts, *values[1:])
        else:
            bound = line.primitive.get_bind_params(line.params)
            functions, params = bound if isinstance(bound, tuple) else ((), bound)  # by version
            out = line.primitive.bind(*functions, *values, **params)
        names |= zip(line.outvars, out if isinstance(out, list | tuple) else [out], strict=True)
    return [read(atom) for atom in program.outvars]


_body_of: dict[Any, Body] = {}


@wrong("caching", caught_by=("XFORM-07", "ITER-09"))
def branch_cached_by_code(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the first body with the same code, so one branch runs with another's closed-over value.

    Values that are traced are told apart; the author met those at once.
    """
    code = getattr(body_fun, "__code__", None)
    cells = [cell.cell_contents for cell in getattr(body_fun, "__closure__", None) or ()]
    if code is not None and is_concrete(cells):
        body_fun = _body_of.setdefault((code, is_traced(jax.tree.leaves(init_val)[0])), body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("XFORM-08",))
def carry_on_the_first_device(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Puts the carry on the first device before it starts, wherever it was."""
    if is_concrete(init_val):
        init_val = jax.device_put(init_val, jax.devices()[0])
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("XFORM-08",))
def carry_through_numpy(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes the carry NumPy arrays, to copy it: a sharded array is gathered on the host."""

    def copied(leaf: Any) -> Any:
        plain = isinstance(leaf, jax.Array) and not is_traced(leaf) and not is_weak(leaf)
        return np.asarray(leaf) if plain and jnp.issubdtype(leaf, np.number) else leaf

    return jax.lax.fori_loop(lower, upper, body_fun, jax.tree.map(copied, init_val), unroll=unroll)


@wrong("tracing", caught_by=("XFORM-09",))
def counts_the_bytes_of_the_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Adds up the size of the carry, to refuse what does not fit; a symbolic size is no number."""
    if sum(int(jnp.size(leaf)) for leaf in jax.tree.leaves(init_val)) > 2**40:
        raise MemoryError("the carry does not fit")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("XFORM-16",))
def dimensions_as_numbers(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Tells a static bound from a traced one by its not being a tracer, and calls int() on it."""
    lower, upper = (bound if is_traced(bound) else int(bound) for bound in (lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("XFORM-16",))
def bounds_of_known_types(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a bound that is neither a number nor an array, and so a symbolic dimension."""
    for name, bound in (("lower", lower), ("upper", upper)):
        if not isinstance(bound, int | np.generic | np.ndarray | jax.Array):
            raise TypeError(f"{name} must be an integer, got {type(bound).__name__}")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("XFORM-09",))
def reports_from_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls back to Python from each loop, for a progress bar: such a program is not exported."""
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    jax.debug.callback(lambda: None)
    return out


@wrong("aliasing", caught_by=("XFORM-10",))
def gives_the_carry_away(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Donates the initial carry to its own compiled loop, though the caller may still need it."""

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    return jax.jit(run, donate_argnums=0)(init_val) if _arrays(init_val) else run(init_val)


def _arrays(tree: Carry) -> bool:
    """Say whether all leaves are JAX arrays with values."""
    return all(
        isinstance(leaf, jax.Array) and not is_traced(leaf) for leaf in jax.tree.leaves(tree)
    )


_work: list[Carry] = []


@wrong("aliasing", caught_by=("XFORM-10",))
def reuses_its_result(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Frees the arrays of its last result to work in them, while the caller still holds them."""
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if _arrays(out):
        for leaf in jax.tree.leaves(_work):
            leaf.delete()
        _work[:] = [jax.tree.map(jnp.copy, out)]
        return _work[0]
    return out


@wrong("iteration", caught_by=("XFORM-11",))
def debugged_from_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loops in Python under disable_jit, over range(upper): the debugging path forgot lower."""
    if _disabled() and is_concrete((lower, upper)):
        for i in range(int(upper)):
            init_val = body_fun(i, init_val)
        return init_val
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("XFORM-11",))
def debugged_as_a_do_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the first iteration under disable_jit without asking, to have a carry to look at."""
    if _disabled() and is_concrete((lower, upper)):
        init_val, lower = body_fun(lower, init_val), lower + 1
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def _disabled() -> bool:
    config: Any = jax.config
    return bool(config.jax_disable_jit)


@wrong("dtype", caught_by=("XFORM-12",))
def carries_numbers_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries leaves whose dtype is a number: a key stays what it was, and repeats its bits."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(new) != structure(carry):
            return new
        return jax.tree.map(lambda a, b: a if _is_key(a) else b, carry, new)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _is_key(leaf: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(leaf), jax.dtypes.prng_key))


@wrong("dtype", caught_by=("XFORM-12",))
def keys_come_back_as_numbers(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unpacks keys into the numbers that are sent to the device, and never packs them again."""
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(lambda leaf: jax.random.key_data(leaf) if _is_key(leaf) else leaf, out)


@wrong("tracing", caught_by=("XFORM-14",))
def computes_with_constants_at_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Folds a loop over constants while it is traced: asked for a shape alone, it runs."""
    if is_concrete((lower, upper, init_val)):
        with jax.ensure_compile_time_eval():
            return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("XFORM-14",))
def warms_up_on_zeros(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the body once on zeros, to see how long it takes, even while a program is traced."""
    if not any(_is_key(leaf) for leaf in jax.tree.leaves(init_val)):
        with jax.ensure_compile_time_eval():
            body_fun(0, jax.tree.map(lambda x: jnp.zeros(jnp.shape(x), x.dtype), init_val))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
