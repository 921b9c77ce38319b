"""The badge: a small SVG image with the verdict on one target."""

from __future__ import annotations

from foricheck.report import wording
from foricheck.report.extent import part
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.report.templates import template

__all__ = ["render"]

_SIZE = 11
"""The size of the letters, in pixels."""
_EDGE = 7
"""The margin on either side of a text, in pixels."""

_PART = 24
"""Characters of a pattern of rules that are shown."""

_WIDTHS = {
    280: "ijlI'",
    330: " ,./:;\\|",
    380: "f-()[]tr!",
    520: 's*_`zc?"',
    590: "Lkvxy",
    610: "FToaePY",
    635: "hnuSbdgpq$0123456789{}E",
    690: "AVXZBRKC",
    750: "NUHD&G",
    790: "OQ",
    840: "w#+<=>^~",
    980: "mMW%@",
}
"""Widths of letters in thousandths of their size, as a wide sans serif has them."""
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDEST = 1000

_COLOURS = {"conformant": "#116329", "nonconformant": "#b3141d", "error": "#59636e"}
"""By verdict; white letters on them have a contrast above 5."""


def render(report: Report, *, name: str | None = None) -> str:
    """The badge as one SVG document; its title, for screen readers, names the target."""
    label, verdict = _label(report), _verdict(report)
    text: str = template("badge.svg.j2").render(
        title=f"{name or report.header.target}, {label}: {verdict}",
        label=label,
        verdict=verdict,
        colour=_COLOURS[report.verdict],
        left=_width(label),
        right=_width(verdict),
        edge=_EDGE,
        size=_SIZE,
    )
    return text


def _label(report: Report) -> str:
    kind = report.header.kind
    return wording.claim("loop" if "loop" in kind else kind)


def _verdict(report: Report) -> str:
    """``conformant 136/146``, which counts what was judged; ``3 rules failed``; ``no verdict``.

    Where only a part of the rules was requested, that is said: ``conformant 5/5 (part: REC)``.
    """
    return f"{_found(report)}{_part(report)}"


def _found(report: Report) -> str:
    counts = Summary.of(report).counts
    judged = len(report.results) - counts.get("skipped", 0)
    match report.verdict:
        case "conformant":
            return f"conformant {counts.get('passed', 0)}/{judged}"
        case "nonconformant" if "failed" in counts:
            return f"{wording.counted(counts['failed'], 'rule')} failed"
        case "nonconformant":
            return f"{wording.counted(len(report.failures), 'rule')} passed unexpectedly"
        case "error":
            return "no verdict"


def _part(report: Report) -> str:
    """``" (part: REC,ITER-01)"`` where only this part was judged."""
    pattern = part(report).replace(" ", "")
    shown = pattern if len(pattern) <= _PART else f"{pattern[: _PART - 1]}…"
    return f" (part: {shown})" if shown else ""


def _width(text: str) -> int:
    """The width of a text in whole pixels; unknown letters count as the widest."""
    return round(sum(_WIDTH.get(letter, _WIDEST) for letter in text) * _SIZE / 1000)
