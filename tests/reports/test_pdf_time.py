"""A hundred pages with twenty charts and maps are set in less than eight seconds of processor time."""

import os
from dataclasses import replace

import pypdfium2
import pytest

from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import compile_report
from clearland.reports.draft import Picture
from clearland.reports.pdf import pdf
from clearland.reports.render import READER

PAGES, PICTURES, BUDGET_CPU_S = 100, 20, 8.0


def cpu_s() -> float:
    """User and system time of this process and of those it has waited for (pandoc)."""
    return sum(os.times()[:4])


@pytest.fixture
def long_report(sqlite_programme):
    made = compile_report(snapshot(), "annual-statement", covers="2024")
    bars = "".join(f'<rect x="{10 * n}" y="0" width="8" height="{n}" fill="#0b5fa5"/>' for n in range(1, 50))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="300" viewBox="0 0 560 300">{bars}</svg>'
    pictures = tuple(Picture(f"chart-{n}.svg", svg, f"Chart {n}") for n in range(PICTURES))
    parts, note = [], 0
    words = "What the sources say of the year stands here with who says it, when, and in which stance. " * 6
    prose = "\n\n".join([words] * 29)
    for number in range(PICTURES):
        rows = []
        for row in range(35):
            note += 1
            rows.append(f"| District {row} | Cleared | {row * 7}[^{note}] |")
        head = ["| Place | Method | Value |", "| --- | --- | ---: |"]
        table = [f"# Part {number}", f"![Chart {number}](chart-{number}.svg)", "\n".join([*head, *rows]), prose]
        parts.append("\n\n".join(table))
    notes = "\n\n".join(f"[^{n}]: Computed from 12 approved records, 2024. figure:X?n={n}" for n in range(1, note + 1))
    return replace(made, body="\n\n".join([*parts, notes]), pictures=pictures)


def test_a_hundred_pages_take_less_than_eight_seconds(long_report):
    before = cpu_s()
    data = pdf(long_report, READER)
    spent_s = cpu_s() - before
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) >= PAGES
    assert spent_s < BUDGET_CPU_S
