"""The flags of vectors, each with the bug it catches; their text is part of the shipped files."""

from __future__ import annotations

__all__ = ["LOOP", "RECURRENCE"]

LOOP = {
    "Empty": "upper == lower runs the body: the condition is tested after the first trip.",
    "Reversed": "upper < lower runs the body, or counts down, or takes a negative number of trips "
    "for a huge one.",
    "OneTrip": "A range of one index is taken for an empty one, or runs twice.",
    "OffByOne": "The loop begins at lower + 1, ends at upper, or runs a trip too few.",
    "NegativeBounds": "Indices below zero are left out, or compared without their sign.",
    "InitialCarry": "The loop starts from zeros, or gives zeros back when there are no trips.",
    "Order": "The indices come in another order, or several at once.",
    "IndexValue": "The body is given the number of the trip and not the index, or a stale index.",
    "TripCounter": "Trips are counted in 7, 8, 15 or 16 bits.",
    "LongLoop": "A hundred thousand trips, or a million, exhaust the stack, the memory or the "
    "patience of a loop that is unrolled or recursive.",
    "LeastBound": "The least number of the bounds' dtype is negated, or lowered by one.",
    "GreatestBound": "The index steps past the greatest number of its dtype: i <= upper - 1 never "
    "ends, or i + 1 wraps.",
    "WholeRange": "upper - lower does not fit the dtype of the bounds, and wraps.",
    "SignBit": "Unsigned bounds beyond the greatest signed number are taken for negative ones.",
    "WideBound": "Bounds beyond 32 bits are cut to 32, or kept in a double that is not exact.",
    "NarrowBound": "Bounds of 8 or 16 bits are read as wider ones, or without their sign.",
    "ComesToRest": "The loop ends early, when the carry has not changed in a trip or two.",
    "ComesBack": "The loop ends early, when the carry is what it was some trips before.",
    "Identity": "A body that does nothing is refused, or its loop is not a loop.",
    "Instruction": "One instruction of the body programs does something else.",
    "Operand": "An operand is read from the wrong place: register, index or constant.",
    "Wraps": "Arithmetic is not modulo 2**32: it saturates, traps, or is done in a double.",
    "Signed": "Numbers with the highest bit set are compared or divided as unsigned ones.",
    "Modulo": "A negative place or shift is reduced with a remainder that is negative too.",
    "InPlace": "An instruction reads a register that it has half overwritten.",
    "InSequence": "Instructions of one trip do not see what the ones before them wrote.",
    "Nested": "An inner loop keeps state of the outer one, or its bound is not the outer index.",
    "NestedEmpty": "An inner loop whose bound is zero or negative runs.",
    "Moves": "Leaves are assigned one after the other, so that one of two that swap is lost.",
    "PowerOfMoves": "Moves are done once, or backwards, or a wrong number of times.",
    "LeafAtRest": "A leaf that stays in its place is moved with the others, or forgotten.",
    "NaN": "A NaN is replaced, or spreads to what stands beside it.",
    "NegativeZero": "The sign of a zero is lost, as in x + 0.",
    "Infinity": "An infinity is clipped, or becomes a NaN.",
    "Subnormal": "Numbers next to zero are flushed to zero.",
    "WideInteger": "64-bit integers go through a double, and lose their low bits.",
    "HalfPrecision": "16-bit floats go through another format.",
    "Complex": "The imaginary part is lost, or its sign.",
    "Boolean": "Booleans become integers, or are packed wrongly.",
    "NoElements": "A leaf without elements ends the loop, or vanishes.",
    "Scalar": "A leaf without dimensions becomes a vector of one.",
    "NoLeaves": "A carry without leaves is refused.",
    "SeveralTypes": "Leaves of several dtypes share a buffer, or are put back by dtype.",
}

RECURRENCE = {
    "NoTrips": "T = 0 runs a step, or gives tanh(x) or zeros: the state starts as x itself.",
    "NegativeTrips": "T < 0 is taken for a huge count, or for its absolute value.",
    "ExactInput": "x is changed though there are no trips: NaN, infinities, signs of zeros and "
    "subnormals come back as they are.",
    "OneStep": "One step is not tanh(x @ W + x): another order of the product, no input, a "
    "transposed W, a factor that is not 0.1.",
    "Trips": "The count is off by one, or the input is added in the first step only.",
    "WeightRow": "A row of W is in the wrong place, or numbers are drawn in another order.",
    "Seed": "The seed does not reach the key: it is cut to fewer bits, or only some bits count.",
    "HighSeed": "A seed of 2**31 or more is taken for a negative one, saturated or refused.",
    "NegativeSeed": "A negative seed is not taken modulo 2**32.",
    "WideSeed": "A seed of more than 32 bits is not taken modulo 2**32.",
    "Hidden": "The bits are laid out for another shape: counters depend on hidden, or are padded "
    "to an even number.",
    "Zeros": "An input of zeros makes something that is not zero.",
    "Saturation": "tanh overflows, or is an approximation that is wrong where it is flat.",
    "Tiny": "tanh or the product loses relative accuracy next to zero.",
    "OddSymmetry": "The state of -x is not that of x with its sign turned.",
    "LongRun": "Errors grow, or memory does, over hundreds and thousands of steps.",
}
