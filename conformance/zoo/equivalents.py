"""Mutants that no rule can catch, each named with the reason.

Some behave like the original in every call. Others differ only for arguments that no document
mentions, or in the message of an error: the bundled recurrence accepts more than the documents
require, and its errors say more. Most of what it promises there is tested by
``tests/test_core.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ARGUMENTS", "Argument", "equivalents"]


@dataclass(frozen=True)
class Argument:
    """Why some mutants cannot be caught.

    Attributes:
        because: the argument, one sentence or a few.
        names: of the mutants.
    """

    because: str
    names: tuple[str, ...]


ARGUMENTS = (
    Argument(
        "The function is symmetric in the two.",
        ("fori_loop_recurrence__promote_types_swapped", "trip_count__max_swapped"),
    ),
    Argument(
        "The comparison of two carries is symmetric: only the error names them in another order, "
        "and ERROR-03 and ERROR-04 require the names of both in any order.",
        ("numpy_loop__check_carry_swapped", "numpy_loop__check_carry_swapped_2"),
    ),
    Argument(
        "The leaves go into a dict and are looked up by their paths; of several that change, the "
        "error may name any.",
        ("check_carry__for_reversed", "types__for_reversed", "types__for_reversed_2"),
    ),
    Argument(
        "The first call of the body only finds the types, as tracing does, and its value is thrown "
        "away: no document says for which index. Without trips there is none that is right.",
        ("numpy_loop__body_fun_of_zero",),
    ),
    Argument(
        "fori_loop_recurrence computes the same from a plain array. That W is a Param is a "
        "statement about the module, which is not what is judged.",
        ("Recurrence_init__Param_to_argument",),
    ),
    Argument(
        "What the check refuses is refused without it by what comes after: by int, by the shape of "
        "x, by the product with W, or by JAX, which gives no number for a traced value. The words "
        "of the error differ, and at times its type, of which the documents say nothing.",
        (
            "width__if_never",
            "width__if_never_2",
            "state__element_dropped",
            "state__element_dropped_2",
            "state__if_never_2",
            "whole__asarray_to_argument",
            "whole__if_never",
            "whole__if_never_3",
            "traced_whole__if_never",
            "is_real_scalar__and_to_or",
            "is_real_scalar__and_operand_dropped",
            "is_real_scalar__and_operand_dropped_2",
        ),
    ),
    Argument(
        "A whole number that takes the other path comes out as the same int; only what is no "
        "number of 64 bits, or is a bool, would differ.",
        (
            "whole__ifexp_negated",
            "whole__ifexp_never",
            "whole__bitor_to_left",
            "whole__bitor_to_right",
            "whole__if_negated_2",
            "whole__if_never_2",
            "whole__int_to_argument",
            "is_real_scalar__element_dropped",
        ),
    ),
    Argument(
        "The documents speak of x as an array of floats, and of one precision: not of a list, of "
        "integers or half precision, or of complex numbers.",
        (
            "fori_loop_recurrence__promote_types_to_argument",
            "state__returns_x",
            "state__asarray_to_argument",
            "state__if_never",
        ),
    ),
    Argument(
        "Where JAX has 32 bits no document says which longer seeds there are; where it has 64, "
        "REC-06 judges the least and the greatest.",
        (
            "rngs__if_never_2",
            "rngs__lte_to_lt",
            "rngs__lt_to_lte",
            "rngs__number_plus_1",
            "rngs__number_plus_1_2",
        ),
    ),
    Argument(
        "fori_loop itself runs nothing if upper <= lower.",
        ("trip_count__max_to_argument",),
    ),
    Argument(
        "They differ from 2**31 - 1 trips on, which no case can run.",
        ("LONGEST__number_plus_1", "trip_count__if_never_2", "trip_count__gt_to_gte"),
    ),
    Argument(
        "The documents know a traced T as a signed integer, and a traced seed as an integer: not "
        "an unsigned T, and no traced floats.",
        (
            "traced_trip_count__if_negated",
            "traced_trip_count__if_never",
            "traced_trip_count__astype_dropped",
            "traced_trip_count__minimum_swapped",
            "traced_trip_count__minimum_to_argument",
            "traced_whole__if_negated_2",
            "traced_whole__if_never_2",
            "traced_whole__astype_dropped",
            "traced_whole__trunc_to_argument",
        ),
    ),
)


def equivalents() -> dict[str, str]:
    """The argument for each mutant, by its name."""
    return {name: argument.because for argument in ARGUMENTS for name in argument.names}
