"""Numbers, names and foreign text in words."""

from __future__ import annotations

import math
import unicodedata

from foricheck.targets.capabilities import CAPABILITIES

__all__ = ["VERDICTS", "claim", "compiled", "counted", "lacking", "plain", "ratio", "seconds"]
__all__ += ["times"]

VERDICTS = {
    "conformant": "CONFORMANT",
    "nonconformant": "NONCONFORMANT",
    "error": "NO VERDICT",
}
_CLAIMS = {"loop": "fori_loop", "recurrence": "fori_loop_recurrence"}


def counted(number: int, noun: str) -> str:
    """``1 case``, ``1,234 cases``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def compiled(number: int, cached: int) -> str:
    """``2 compilations``, ``2 compilations (555 from the cache)``."""
    return counted(number, "compilation") + (f" ({cached:,} from the cache)" if cached else "")


def seconds(duration: float) -> str:
    """``0.42 s``, ``41.2 s``."""
    return f"{duration:.2f} s" if duration < 1 else f"{duration:.1f} s"


def times(judging: float, clock: float) -> str:
    """``181.2 s of judging in 98.4 s``: several rules may be judged at once."""
    return f"{seconds(judging)} of judging in {seconds(clock)}"


def ratio(value: float) -> str:
    """An error divided by its bound, in three digits."""
    return "not finite" if not math.isfinite(value) else f"{value:.3g}"


def claim(kind: str) -> str:
    """The function that a target of this kind claims to be."""
    return _CLAIMS.get(kind, " and ".join(_CLAIMS.values()))


def lacking(capabilities: tuple[str, ...]) -> tuple[str, ...]:
    """All capabilities except these."""
    return tuple(name for name in CAPABILITIES if name not in capabilities)


def plain(text: str) -> str:
    r"""The text with control characters and lone surrogates written as ``\x1b``.

    The message of an exception may contain anything: a terminal would obey control characters, XML
    and UTF-8 refuse them.
    """
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs"):
        return character if character not in "\ufffe\uffff" else ascii(character)[1:-1]
    return ascii(character)[1:-1]
