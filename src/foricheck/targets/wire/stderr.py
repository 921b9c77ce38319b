"""What a harness writes to standard error: the first and the last of it are kept."""

from __future__ import annotations

__all__ = ["Kept"]

_FIRST = 2048
_LAST = 4096
"""How many bytes are kept."""

_LINES = 2
"""How many of the first lines are shown, and how many of the last."""

_WIDTH = 120
"""Characters of a line that are shown."""


class Kept:
    """The first and the last bytes: an error may be in either, as that of a panic in Rust."""

    def __init__(self) -> None:
        self._first = self._last = b""
        self._dropped = False

    def add(self, read: bytes) -> None:
        """Add what was read."""
        room = _FIRST - len(self._first)
        self._first += read[:room]
        last = self._last + read[room:]
        self._dropped = self._dropped or len(last) > _LAST
        self._last = last[-_LAST:]

    def __str__(self) -> str:
        """The first and the last lines, and the last that contains an error, in one line."""
        lines = self._lines()
        shown = sorted({*range(len(lines))[:_LINES], *_last_error(lines), *_ending(lines)})
        parts: list[str] = []
        for before, place in zip([-1, *shown], shown, strict=False):
            parts += ["…"] if place > before + 1 else []
            parts.append(_short(lines[place]))
        return " / ".join(parts)

    def _lines(self) -> list[str]:
        between = b"\n" if self._dropped else b""
        text = (self._first + between + self._last).decode(errors="replace")
        return [line.strip() for line in text.splitlines() if line.strip()]


def _last_error(lines: list[str]) -> list[int]:
    return [n for n, line in enumerate(lines) if "rror" in line][-1:]


def _ending(lines: list[str]) -> range:
    return range(len(lines))[-_LINES:]


def _short(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
