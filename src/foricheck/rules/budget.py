"""How many cases a rule is judged on."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["PROFILES", "Budget", "Profile"]


@dataclass(frozen=True)
class Budget:
    """How many batches to draw in the profile ``default``.

    Attributes:
        batched: batches of many cases that share one compiled call.
        single: batches of one case, each of which costs a compilation or a Python loop.
    """

    batched: int = 8
    single: int = 5

    def scaled(self, factor: float) -> Budget:
        """The budget times ``factor``, but at least one batch of each kind."""
        return replace(
            self,
            batched=max(1, round(self.batched * factor)),
            single=max(1, round(self.single * factor)),
        )

    def thinned(self) -> Budget:
        """The smaller budget of the variants other than the main ones."""
        return replace(self, batched=max(1, self.batched // 4), single=max(2, self.single // 2))


@dataclass(frozen=True)
class Profile:
    """A named multiple of every budget.

    Attributes:
        name: what ``--profile`` takes.
        factor: the multiple.
        rows: the multiple of the rows of covering arrays, each of which is a program.
        seconds: after how long a rule ends in one variant, if calls of the target are slow.
        every_variant: whether rules are judged in all their variants, or only in the main ones.
    """

    name: str
    factor: float
    rows: float
    seconds: float
    every_variant: bool = True


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("quick", 0.25, 0.04, 60.0, every_variant=False),
        Profile("default", 1.0, 1.0, 120.0),
        Profile("deep", 100.0, 100.0, 12_000.0),
    )
}
"""Every profile by its name."""
