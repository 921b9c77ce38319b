"""Mistakes that are made in a port of the loop, as changes of the reference harnesses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["JAVASCRIPT", "PYTHON", "C", "Planted"]


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One mistake.

    Attributes:
        name: of the mistake.
        story: how it comes about.
        caught_by: the rule that must fail, the most direct one.
        old: text of the source, which is there once.
        new: what stands there instead.
    """

    name: str
    story: str
    caught_by: str
    old: str
    new: str

    def plant(self, source: Path) -> None:
        """Make it in a copy of the source."""
        text = source.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.name}: its place is not there, or not once"
        source.write_text(text.replace(self.old, self.new), encoding="utf-8")


C = (
    Planted(
        name="do_while",
        story="The condition is at the end of the loop, where a compiler would put it.",
        caught_by="ITER-02",
        old="""\
    for (Integer i = lower; is_less(i, upper); i.bits++)
        body(i, carry, closed_over);
""",
        new="""\
    Integer i = lower;
    do
        body(i, carry, closed_over);
    while (i.bits++, is_less(i, upper));
""",
    ),
    Planted(
        name="wrapped_difference",
        story="The trip count is a difference: from the greatest number to the least it is 1.",
        caught_by="BOUND-02",
        old="    for (Integer i = lower; is_less(i, upper); i.bits++)\n",
        new="""\
    int64_t trips = (int64_t)(upper.bits - lower.bits);
    for (Integer i = lower; trips > 0; trips--, i.bits++)
""",
    ),
    Planted(
        name="roll_in_place",
        story="A row is rolled into the register that it is still read from.",
        caught_by="ITER-04",
        old="dst[j] = a[(j - b[0]) % WIDTH];",
        new="dst[j] = (it->a < ROWS ? registers[it->a] : a)[(j - b[0]) % WIDTH];",
    ),
    Planted(
        name="weights_kept",
        story="Weights are drawn once for each size, since drawing them takes long.",
        caught_by="REC-06",
        old="""\
    draw_weights(seed, hidden * hidden, weights);
    fori_loop(""",
        new="""\
    static float kept[512 * 512];
    static size_t drawn;
    if (drawn != hidden)
        draw_weights(seed, hidden * hidden, kept);
    drawn = hidden;
    memcpy(weights, kept, hidden * hidden * sizeof *weights);
    fori_loop(""",
    ),
    Planted(
        name="tanh_from_exponentials",
        story="tanh as it is defined: near zero the difference cancels, far out it is inf / inf.",
        caught_by="REC-01",
        old="tanhf(s->sum[column]);",
        new="(expf(2 * s->sum[column]) - 1) / (expf(2 * s->sum[column]) + 1);",
    ),
    Planted(
        name="rotation",
        story="Two of the eight rotations of Threefry change places.",
        caught_by="REC-06",
        old="{17, 29, 16, 24}",
        new="{17, 29, 24, 16}",
    ),
)

JAVASCRIPT = (
    Planted(
        name="numbers_for_64_bits",
        story="Every bound becomes a number, which has 53 bits: the largest int64 are all 2**63.",
        caught_by="BOUND-02",
        old="(_, n) => view[get](n * size, true)",
        new="(_, n) => Number(view[get](n * size, true))",
    ),
    Planted(
        name="product_of_numbers",
        story="Math.imul is forgotten: a product beyond 2**53 loses its low bits.",
        caught_by="ITER-04",
        old="elementwise(Math.imul)",
        new="elementwise((a, b) => a * b)",
    ),
    Planted(
        name="index_kept",
        story="The row that repeats the index is made once, and belongs to the first iteration.",
        caught_by="ITER-01",
        old="""\
  return (i, registers) => {
    const index = repeated(toInt32(i));
""",
        new="""\
  let index;
  return (i, registers) => {
    index ??= repeated(toInt32(i));
""",
    ),
    Planted(
        name="early_exit",
        story="The loop ends once the carry stays as it is, as if it were a search.",
        caught_by="ITER-08",
        old="for (let i = lower; i < upper; i++) value = body(i, value);",
        new="""\
for (let i = lower, last; i < upper && String(value) !== last; i++) {
    last = String(value);
    value = body(i, value);
  }""",
    ),
    Planted(
        name="positive_seed",
        story="A negative seed is given a sign that it does not have, to index with it.",
        caught_by="REC-06",
        old="threefry([0, toInt32(seed)], [0, 0])",
        new="threefry([0, Math.abs(toInt32(seed))], [0, 0])",
    ),
    Planted(
        name="square_in_double",
        story="Math.fround is forgotten where 1 - v * v cancels: not float32, though more exact.",
        caught_by="REC-06",
        old="-Math.log1p(-Math.fround(v * v))",
        new="-Math.log1p(-v * v)",
    ),
)

PYTHON = (
    Planted(
        name="promoted_carry",
        story="The carry is kept in the dtype to which the index promotes it.",
        caught_by="CARRY-20",
        old="            carry = body(i, carry)\n",
        new="            carry = tuple(leaf + (i - i) for leaf in body(i, carry))\n",
    ),
    Planted(
        name="buffers",
        story="The carry is written back leaf by leaf, into arrays that are still read from.",
        caught_by="CARRY-20",
        old="""\
        i = lower[()]
        while i < upper:
            carry = body(i, carry)
""",
        new="""\
        i, carry = lower[()], [leaf.copy() for leaf in carry]
        while i < upper:
            for buffer, leaf in zip(carry, body(i, carry)):
                buffer[...] = leaf
""",
    ),
    Planted(
        name="saturated_difference",
        story="The trip count is kept in the bounds' dtype, which may be too narrow for it.",
        caught_by="BOUND-02",
        old="        while i < upper:\n",
        new="        for _ in range(min(int(upper) - int(lower), np.iinfo(lower.dtype).max)):\n",
    ),
    Planted(
        name="trips_of_the_first_lane",
        story="A loop is compiled once for a body, with the trip count of the first case.",
        caught_by="ITER-01",
        old="        while i < upper:\n",
        new="""\
        kept = str(getattr(body, "instructions", ""))
        for _ in range(self.__dict__.setdefault(kept, int(upper) - int(lower))):
""",
    ),
    Planted(
        name="index_counted_first",
        story="The index is counted before the body runs, not after it.",
        caught_by="ITER-01",
        old="""\
            carry = body(i, carry)
            i = i + one
""",
        new="""\
            i = i + one
            carry = body(i, carry)
""",
    ),
    Planted(
        name="saturated_index",
        story="The index is limited to int32, as a conversion from a float would do.",
        caught_by="BOUND-02",
        old="return index.astype(np.int32)",
        new="return np.int32(min(max(int(index), -(2**31)), 2**31 - 1))",
    ),
    Planted(
        name="positive_seed",
        story="The seed loses its sign, to index with it.",
        caught_by="REC-06",
        old="words(0, seed)",
        new="words(0, abs(seed))",
    ),
)
