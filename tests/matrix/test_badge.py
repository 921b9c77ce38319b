"""The badge says the verdict, to those who see it and to those who do not."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from report.fake_runs import report, result

from foricheck.report import badge as as_badge
from foricheck.report.report import Report

from .fake_reports import HOSTILE, breaking, mixed, passing, unfinished

SVG = "{http://www.w3.org/2000/svg}"
RECT, PATH = f"{SVG}rect", f"{SVG}path"

UNEXPECTED = report([result("ITER-01", "xpassed", reason="never: no NaN")])
EXCUSED = report([result("ITER-01"), result("ITER-02", "xfailed"), result("ITER-03", "skipped")])
SAID = [
    (passing(), "fori_loop", "conformant 4/4"),
    (EXCUSED, "fori_loop", "conformant 1/2"),
    (breaking("ITER-01"), "fori_loop", "1 rule failed"),
    (UNEXPECTED, "fori_loop", "1 rule passed unexpectedly"),
    (unfinished(), "fori_loop", "no verdict"),
    (passing(pattern="ITER, CARRY-01"), "fori_loop", "conformant 4/4 (part: ITER,CARRY-01)"),
    (mixed(pattern="ITER"), "fori_loop", "1 rule failed (part: ITER)"),
    (passing(kind="recurrence"), "fori_loop_recurrence", "conformant 4/4"),
    (passing(kind="loop and recurrence"), "fori_loop", "conformant 4/4"),
]


def badge(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(as_badge.render(report))


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.get(name, math.nan))


@pytest.mark.parametrize(("judged", "label", "verdict"), SAID)
def test_a_badge_says_what_was_judged_and_the_verdict(
    judged: Report, label: str, verdict: str
) -> None:
    assert [text.text for text in badge(judged).iter(f"{SVG}text")] == [label, verdict]


@pytest.mark.parametrize("judged", [passing(), mixed(), unfinished()])
def test_its_title_names_the_target_and_says_the_same(judged: Report) -> None:
    root = badge(judged)
    title = root.findtext(f"{SVG}title") or ""
    assert title.startswith(f"{judged.header.target}, fori_loop: ")
    assert all((text.text or "") in title for text in root.iter(f"{SVG}text"))
    assert root.get("role") == "img"


@pytest.mark.parametrize("judged", [one for one, _, _ in SAID])
def test_its_texts_lie_within_it_and_apart(judged: Report) -> None:
    root = badge(judged)
    left, right = root.iter(f"{SVG}text")
    ends = [number(text, "x") + number(text, "textLength") for text in (left, right)]
    assert 0 < number(left, "x") < ends[0] < number(right, "x") < ends[1] < number(root, "width")


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("judged", [passing(), mixed(), unfinished()])
def test_white_letters_can_be_read_on_its_colours(judged: Report) -> None:
    fills = [shape.get("fill", "") for shape in badge(judged) if shape.tag in (RECT, PATH)]
    assert len(fills) == 2
    assert all(1.05 / (luminance(fill) + 0.05) >= 4.5 for fill in fills)


def test_hostile_text_is_text() -> None:
    root = badge(passing(target=HOSTILE))
    assert "<script>" in (root.findtext(f"{SVG}title") or "")
    assert not list(root.iter(f"{SVG}script"))


def test_it_loads_nothing() -> None:
    assert "href" not in as_badge.render(mixed())
