"""The keys of a Flax NNX random stream, one for each draw.

``flax.nnx.Rngs(seed)`` has one default stream; ``rngs.params()`` draws from it. Draw number
``count`` (from 0) is ``jax.random.fold_in(jax.random.key(seed), count)``: see ``RngStream`` in
the Flax NNX documentation, "Randomness in Flax NNX".
"""

from __future__ import annotations

import numpy.typing as npt

from foricheck.oracle.threefry import Words, fold_in, key


def stream_key(seed: int | npt.ArrayLike, *, count: int = 0, width: int = 32) -> Words:
    """The ``count``-th key of ``nnx.Rngs(seed)``'s stream, ``uint32[..., 2]`` for seeds ``[...]``.

    ``width`` is the number of bits of the seed that enter the key: 32 with x64 off, 64 with x64 on.
    Raises ``ValueError`` for a negative count or another width.
    """
    if count < 0:
        raise ValueError(f"count must be at least 0, got {count}")
    return fold_in(key(seed, width=width), count)
