"""CARRY: a fixed dtype, shape and structure, and exact values."""

import numpy as np

from foricheck.cases.loop import Expression, PermutedBatch, Snippet
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.variants import (
    EVERY_VARIANT,
    PLAIN,
    STATIC,
    STATIC_DISABLED,
    STATIC_JIT,
    TRACED,
)
from foricheck.comparison.assertions import (
    ANY_ERROR,
    must_be_refused,
    must_equal,
    must_equal_or_refuse,
)
from foricheck.comparison.outcomes import must_give
from foricheck.oracle import permutations
from foricheck.programs.expressions import expected as value_of
from foricheck.programs.snippets import expected
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Covering, Drawn, Enumerated
from foricheck.rules.registry import rule
from foricheck.rules.rule import Level
from foricheck.strategies.carry import containers, extended_dtypes, permuted, raw, rearranged
from foricheck.strategies.cases.chapter_cases import of_chapter
from foricheck.strategies.cases.histories import expected_of
from foricheck.strategies.cases.simpler import simpler
from foricheck.targets.loop import LoopSubject

CORE, PARITY = Level.CORE, Level.PARITY
IN_ONE_CALL = (TRACED, STATIC_JIT, PLAIN)


@rule(
    "CARRY-01",
    CORE,
    "fori_loop.type",
    "fori_loop.fixed_carry",
    "fori_loop.carry_type",
    "fori_loop.result",
    draw=Enumerated(containers.every_dtype),
    catches=(
        "a float16 carry promoted",
        "a bool converted to an integer",
        "an imaginary part lost",
    ),
    variants=tuple(
        variant for variant in EVERY_VARIANT if variant.transform != "with_pmap"
    ),  # too slow with ten leaves
    needs=("pytree",),
)
def test_dtypes_are_kept(loop: LoopSubject, case: Snippet) -> None:
    """Every leaf of the carry keeps its dtype, for every dtype."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-02",
    CORE,
    "fori_loop.type",
    "fori_loop.fixed_carry",
    "fori_loop.carry_type",
    "fori_loop.result",
    draw=Enumerated(containers.every_shape),
    catches=("a scalar converted to a vector", "an empty array that ends the loop"),
    needs=("pytree",),
)
def test_shapes_are_kept(loop: LoopSubject, case: Snippet) -> None:
    """Every leaf of the carry keeps its shape, including scalars and empty arrays."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-03",
    CORE,
    "fori_loop.type",
    "fori_loop.carry_type",
    "fori_loop.result",
    "recurrence.fixed_structure",
    draw=Drawn(containers.structures),
    catches=("a list converted to a tuple", "a named tuple that loses its names", "a None dropped"),
    needs=("pytree",),
    budget=Budget(single=32),
)
def test_structure_is_kept(loop: LoopSubject, case: Snippet) -> None:
    """The carry comes back in the containers it came in.

    These are nested tuples, lists, dicts, named tuples, registered dataclasses and None.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-04",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(containers.untouched),
    catches=("a negative zero lost", "NaN replaced"),
    needs=("pytree",),
)
def test_untouched_leaves_are_kept(loop: LoopSubject, case: Snippet) -> None:
    """A leaf that the body returns unchanged comes back bit for bit.

    Values are NaN, both zeros, infinities and the extremes of each dtype. Containers without leaves
    come back as well.
    """
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-05",
    CORE,
    "fori_loop.fixed_carry",
    "fori_loop.no_promotion",
    draw=Enumerated(containers.dtype_changes),
    catches=("a result cast back to the dtype of the carry", "a carry promoted by the loop"),
    needs=("refuse",),
)
def test_a_changed_dtype_is_refused(loop: LoopSubject, case: Snippet) -> None:
    """A body that changes the dtype of a leaf is refused."""
    must_be_refused(case, lambda: loop.call_case(case), what="the body changes a dtype")


@rule(
    "CARRY-06",
    CORE,
    "fori_loop.fixed_carry",
    "fori_loop.no_promotion",
    draw=Enumerated(containers.shape_changes),
    catches=("a result broadcast to the shape of the carry", "a carry that grows"),
    needs=("refuse",),
)
def test_a_changed_shape_is_refused(loop: LoopSubject, case: Snippet) -> None:
    """A body that changes the shape of a leaf is refused.

    A shape that merely broadcasts to the original is refused as well.
    """
    must_be_refused(case, lambda: loop.call_case(case), what="the body changes a shape")


@rule(
    "CARRY-07",
    CORE,
    "fori_loop.carry_type",
    "recurrence.fixed_structure",
    draw=Enumerated(containers.structure_changes),
    catches=("a list accepted as a tuple", "a leaf that appears or disappears"),
    needs=("refuse", "pytree"),
)
def test_a_changed_structure_is_refused(loop: LoopSubject, case: Snippet) -> None:
    """A body that changes the carry's containers is refused."""
    must_be_refused(case, lambda: loop.call_case(case), what="the body changes a container")


@rule(
    "CARRY-08",
    CORE,
    "fori_loop.semantics",
    draw=Enumerated(containers.permutations),
    catches=("leaves assigned one after the other",),
    needs=("pytree",),
)
def test_leaves_may_change_places(loop: LoopSubject, case: Snippet) -> None:
    """The new carry is computed from the old one as a whole, so leaves may swap."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-09",
    CORE,
    "fori_loop.returned",
    "fori_loop.init_val",
    draw=Enumerated(containers.every_shape),
    catches=("a loop that writes to its argument",),
    variants=(STATIC, PLAIN),
    needs=("pytree",),
)
def test_the_initial_carry_is_left_alone(loop: LoopSubject, case: Snippet) -> None:
    """A call does not modify the caller's initial carry, even if it consists of NumPy arrays."""
    before, after = loop.initial_carry_around(case)
    must_equal(case, before, after)


@rule(
    "CARRY-10",
    PARITY,
    draw=Enumerated(containers.weak),
    catches=("a Python scalar treated as strongly typed",),
    variants=(TRACED, STATIC),
)
def test_a_python_scalar_is_promoted(loop: LoopSubject, case: Snippet) -> None:
    """An initial Python scalar is weakly typed and takes the dtype of the body's result."""
    must_equal(case, np.array(1.5, loop.float_dtype), loop.run_case(case))


@rule(
    "CARRY-11",
    PARITY,
    "recurrence.fixed_structure",
    draw=Enumerated(containers.without_trips),
    catches=("a body that is not checked when there are no trips",),
    needs=("refuse", "pytree"),
)
def test_changes_are_refused_without_trips_too(loop: LoopSubject, case: Snippet) -> None:
    """A body that changes the type of the carry is refused even if no iteration runs."""
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body changes the type",
        errors=(TypeError, ValueError),
    )


@rule(
    "CARRY-12",
    CORE,
    "fori_loop.semantics",
    "fori_loop.type",
    draw=Enumerated(rearranged.in_other_orders),
    catches=("a first leaf that decides for all", "a leaf that is stored too late"),
    variants=(STATIC,),
    needs=("jit", "pytree"),
)
def test_the_order_of_leaves_does_not_matter(loop: LoopSubject, case: LoopCase) -> None:
    """Permuting the leaves of the carry permutes the leaves of the result and changes nothing else.

    In a tuple, and in a dict whose keys are not sorted.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "CARRY-13",
    CORE,
    "fori_loop.semantics",
    "fori_loop.type",
    draw=Enumerated(rearranged.together),
    catches=("one buffer for leaves of several dtypes", "a loop that ends with one of its leaves"),
    variants=(STATIC,),
    needs=("jit", "pytree"),
)
def test_independent_carries_share_a_loop(loop: LoopSubject, case: LoopCase) -> None:
    """Two independent carries give the same results in one loop as in two separate loops."""
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "CARRY-14",
    PARITY,
    draw=Enumerated(raw.forwarded),
    catches=("a leaf that bypasses the loop and is returned without conversion to an array",),
    variants=(TRACED, STATIC_JIT, STATIC),
    needs=("jit", "pytree"),
)
def test_forwarded_leaves_come_back_as_arrays(loop: LoopSubject, case: Expression) -> None:
    """A leaf that the body only forwards comes back as an array, like a leaf that it computes.

    A NumPy array, a NumPy scalar and a Python number become arrays of the dtype they would have if
    computed. So the result does not depend on the loop's optimizations.
    """
    computed, forwarded = loop.run_case(case)
    must_equal(case, computed, forwarded)


@rule(
    "CARRY-15",
    PARITY,
    "fori_loop.returned",
    draw=Enumerated(raw.written_in_place),
    catches=("a body given the caller's own arrays",),
    variants=(STATIC, STATIC_DISABLED, PLAIN),
    needs=("pytree", "copies"),
)
def test_a_body_may_write_into_its_carry(loop: LoopSubject, case: Expression) -> None:
    """A body that writes to the arrays of its carry does not modify the caller's arrays.

    With JAX arrays ``c += 1`` makes a new array; with the caller's NumPy arrays, a second call must
    start from the same values. The documented Python code does not copy either: a loop like it is
    judged with ``--without copies``.
    """
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "CARRY-16",
    CORE,
    "fori_loop.no_promotion",
    draw=Enumerated(raw.weak_chains),
    catches=("a weak leaf cast to a default dtype",),
    variants=(TRACED, STATIC),
    needs=("pytree",),
)
def test_a_chain_of_weak_leaves(loop: LoopSubject, case: Expression) -> None:
    """Weakly typed leaves that take their dtypes from each other are promoted, or refused.

    Promotion takes as many rounds as the chain has leaves; JAX makes one round and refuses a carry
    that still changes (jax #9046). A result of another dtype is never allowed.
    """
    must_equal_or_refuse(case, lambda: loop.call_case(case), value_of(case), ANY_ERROR)


@rule(
    "CARRY-17",
    CORE,
    "fori_loop.type",
    "fori_loop.carry_type",
    draw=Enumerated(extended_dtypes.of_every_dtype),
    catches=(
        "4-bit integers kept in 8 bits",
        "8-bit floats computed in 32 bits",
        "a key of another implementation",
    ),
    variants=(TRACED, STATIC_JIT),
    needs=("jit", "pytree"),
)
def test_dtypes_beyond_numpy_are_kept(loop: LoopSubject, case: Expression) -> None:
    """A leaf keeps a dtype that NumPy lacks: bfloat16, 8-bit floats, 4-bit integers, random keys.

    The result is compared with that of the body called in Python, without the oracle.
    """
    looped, in_python = loop.run_case(case)
    must_equal(case, in_python, looped)


@rule(
    "CARRY-18",
    PARITY,
    draw=Enumerated(raw.weak_results),
    catches=("a weak type lost in the result", "a scalar that comes back as a Python number"),
    variants=(TRACED, STATIC),
    needs=("jit",),
)
def test_weak_types_are_kept(loop: LoopSubject, case: Expression) -> None:
    """A carry that starts as a Python number comes back weakly typed, and no other carry does.

    The values are the same; the dtype of a later product shows the difference.
    """
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "CARRY-19",
    CORE,
    "fori_loop.fixed_carry",
    draw=Enumerated(containers.large),
    catches=("elements counted in too few bits", "a large array donated without request"),
    variants=(TRACED, STATIC, PLAIN),
    needs=("pytree",),
)
def test_a_leaf_may_be_large(loop: LoopSubject, case: Expression) -> None:
    """A leaf may have hundreds of thousands of elements, and stays usable after the call."""
    must_equal(case, value_of(case), loop.run_case(case))


@rule(
    "CARRY-20",
    CORE,
    "fori_loop.semantics",
    "fori_loop.type",
    draw=Enumerated(permuted.permuted, permuted.simpler),
    catches=(
        "leaves packed by dtype",
        "permutations by arithmetic, which loses NaN and -0.0",
    ),
    variants=IN_ONE_CALL,
    needs=("pytree",),
)
def test_leaves_travel_unchanged(loop: LoopSubject, case: PermutedBatch) -> None:
    """A body that permutes leaves applies the permutation's n-th power in n trips, bit for bit.

    The carry has leaves of every dtype. The oracle computes the power and runs no loop.
    """
    expected = permutations.after(case.lower, case.upper, case.permutation, case.leaves)
    must_equal(case, expected, loop.run_case(case))


@rule(
    "CARRY-21",
    CORE,
    "fori_loop.carry_type",
    draw=Enumerated(containers.mappings),
    catches=("an OrderedDict converted to a dict", "entries sorted by key"),
    variants=(TRACED, STATIC_JIT, PLAIN),
    needs=("pytree",),
)
def test_mappings_are_kept(loop: LoopSubject, case: Snippet) -> None:
    """An OrderedDict and a defaultdict keep their types and the order of their entries."""
    must_equal(case, expected(case), loop.run_case(case))


@rule(
    "CARRY-22",
    CORE,
    "fori_loop.semantics",
    draw=Covering(of_chapter("CARRY"), simpler),
    catches=("leaves in one buffer of one dtype", "a forwarded leaf beside a computed one"),
    variants=(STATIC,),
    needs=("jit",),
    budget=Budget(single=160),
)
def test_covering_cases(loop: LoopSubject, case: LoopCase) -> None:
    """The loop is the Python loop whatever the carry is, in pairs with all else.

    Containers, numbers of leaves, dtypes, shapes and special values, as they are given; leaves that
    change places, are forwarded, are one object or are not read.
    """
    must_give(case, expected_of(case), loop.run_case(case))


@rule(
    "CARRY-23",
    PARITY,
    draw=Enumerated(containers.changes),
    catches=("an error of the library's own type", "an error of the compiler that leaks out"),
    needs=("refuse", "pytree"),
)
def test_a_changed_carry_is_a_type_error(loop: LoopSubject, case: Snippet) -> None:
    """The error for a body that changes the carry is a TypeError or a ValueError.

    A target that refuses with types of its own says so in its attribute ``foricheck``, under
    ``refuses_with``; that it refuses at all is asked by CARRY-05, CARRY-06 and CARRY-07.
    """
    must_be_refused(
        case,
        lambda: loop.call_case(case),
        what="the body changes the carry",
        errors=(TypeError, ValueError),
    )
