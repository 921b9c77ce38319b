"""Threefry-2x32-20, the counter-based generator behind ``jax.random``'s default keys.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. A key and
a counter, two 32-bit words each, pass through twenty rounds of add, rotate and exclusive or; words
of the key schedule are added before the first round and after every fourth.

Keys are ``uint32`` arrays of shape ``(..., 2)``; every function is batched over keys. The counter
layout of :func:`random_bits` is the one JAX calls partitionable, its default since 0.5.0.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint32]

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = np.uint32(0x1BD11BDA)


def threefry2x32(key: tuple[Words, Words], counter: tuple[Words, Words]) -> tuple[Words, Words]:
    """Encrypt ``counter`` under ``key``: two ``uint32`` words each, broadcast together."""
    schedule = (key[0], key[1], key[0] ^ key[1] ^ _PARITY)
    with np.errstate(over="ignore"):  # the sums are modulo 2**32 by definition
        first, second = counter[0] + schedule[0], counter[1] + schedule[1]
        for group in range(5):
            for rotation in _ROTATIONS[group % 2]:
                first = first + second
                second = _rotate_left(second, rotation) ^ first
            first = first + schedule[(group + 1) % 3]
            second = second + schedule[(group + 2) % 3] + np.uint32(group + 1)
    return first, second


def key(seed: int | npt.ArrayLike, *, width: int = 32) -> Words:
    """The key of ``jax.random.key(seed)``, of shape ``(..., 2)``.

    ``seed`` is an integer of any size and sign, or an array of shape ``(...)``. With x64 off
    (``width`` 32) the key is ``[0, seed mod 2**32]``. With x64 on (``width`` 64) it is the seed
    modulo ``2**64``, high word first, for a seed given as a Python integer or in 64 bits; for an
    array of fewer bits JAX sets the high word to 0, so ``np.int32(-1)`` and ``-1`` differ there.
    Raises ``ValueError`` for another width.
    """
    if width not in (32, 64):
        raise ValueError(f"width must be 32 or 64, got {width}")
    words = _modulo(seed, width)
    return np.stack([(words >> np.uint64(32)).astype(np.uint32), words.astype(np.uint32)], axis=-1)


def fold_in(keys: Words, data: int | npt.ArrayLike) -> Words:
    """The key of ``jax.random.fold_in(key, data)``, of shape ``(..., 2)``.

    ``data`` is reduced modulo ``2**32`` and encrypted as the counter ``[0, data]``.
    """
    counter = _modulo(data, 32).astype(np.uint32)
    folded = threefry2x32(_words(keys), (np.zeros_like(counter), counter))
    return np.stack(folded, axis=-1)


def random_bits(
    keys: Words, shape: tuple[int, ...], *, width: int = 32
) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Random unsigned integers of ``width`` bits, of shape ``keys.shape[:-1] + shape``.

    Element ``n`` (the flat index in ``shape``) encrypts the counter ``[n >> 32, n mod 2**32]``;
    its two words are combined by exclusive or (32 bits) or concatenated, the first one high (64
    bits). Raises ``ValueError`` for another width.
    """
    if width not in (32, 64):
        raise ValueError(f"width must be 32 or 64, got {width}")
    high, low = _words(keys)
    first, second = threefry2x32((high[..., None], low[..., None]), _counters(math.prod(shape)))
    bits = first ^ second if width == 32 else (first.astype(np.uint64) << np.uint64(32)) | second
    return bits.reshape(keys.shape[:-1] + shape)


def _counters(size: int) -> tuple[Words, Words]:
    index = np.arange(size, dtype=np.uint64)
    return (index >> np.uint64(32)).astype(np.uint32), index.astype(np.uint32)


def _words(keys: Words) -> tuple[Words, Words]:
    if keys.dtype != np.uint32 or keys.shape[-1:] != (2,):
        raise ValueError(f"a key is uint32[..., 2], got {keys.dtype}{list(keys.shape)}")
    return keys[..., 0], keys[..., 1]


def _modulo(number: int | npt.ArrayLike, width: int) -> npt.NDArray[np.uint64]:
    """Integers modulo ``2**width``."""
    integers = np.asarray(number)
    if integers.dtype == object:  # Python integers beyond 64 bits
        integers = np.asarray(integers % (1 << 64))
    elif integers.dtype.kind not in "iu":
        raise TypeError(f"expected integers, got {integers.dtype}")
    return integers.astype(np.uint64) & np.uint64((1 << width) - 1)


def _rotate_left(word: Words, distance: int) -> Words:
    return (word << np.uint32(distance)) | (word >> np.uint32(32 - distance))
