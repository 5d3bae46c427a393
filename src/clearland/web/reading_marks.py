"""A source's text with its claims marked in place and its notes bound both ways.

Offsets count Unicode code points of the rendition. Claims may overlap and nest, so a passage is cut at every boundary
and each piece knows all claims that cover it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Span:
    """Something at [start, end): a claim (`key` is its number in the margin, `line` what it says)."""

    start: int
    end: int
    key: str
    line: str


@dataclass(frozen=True)
class Marker:
    """A note's marker at [start, end); `number` counts the markers of one label, so that each has its own anchor."""

    start: int
    end: int
    label: str
    number: int
    missing: bool


@dataclass(frozen=True)
class Block:
    """One passage ready for the page. `back`: the anchor of the first marker of the note that begins in it."""

    kind: str
    level: int
    label: str
    page: int | None
    back: str
    start: int
    html: SafeString


class Marked:
    """The marks of one rendition, asked passage by passage."""

    def __init__(
        self, text: str, spans: Iterable[Span], markers: Iterable[Marker], note_bodies: Mapping[int, str]
    ) -> None:
        self._bodies = note_bodies
        self._text = text
        self._spans = sorted(spans, key=lambda span: (span.start, -span.end))
        self._markers = sorted(markers, key=lambda marker: marker.start)

    def note_in(self, start: int, end: int) -> str:
        """The label of the first note whose body begins in [start, end)."""
        return next((label for at, label in sorted(self._bodies.items()) if start <= at < end), "")

    def has_marker(self, label: str) -> bool:
        """Whether the text calls this note anywhere."""
        return any(marker.label == label for marker in self._markers)

    def html(self, start: int, end: int) -> SafeString:
        """The characters [start, end) as HTML."""
        spans = [span for span in self._spans if span.start < end and span.end > start]
        markers = {marker.start: marker for marker in self._markers if start <= marker.start and marker.end <= end}
        cuts = {start, end}
        for span in spans:
            cuts.update(at for at in (span.start, span.end) if start < at < end)
        cuts.update(at for at in self._bodies if start < at < end)
        for marker in markers.values():
            cuts.update((marker.start, marker.end))
        ordered = sorted(cuts)
        pieces = [self._piece(a, b, spans, markers) for a, b in pairwise(ordered)]
        return mark_safe("".join(pieces))  # noqa: S308  # every piece is escaped below

    def _piece(self, start: int, end: int, spans: Sequence[Span], markers: Mapping[int, Marker]) -> str:
        covering = [span for span in spans if span.start <= start and span.end >= end]
        begins = any(span.start == start for span in covering)
        anchor = format_html('<span class="anchor" id="n-{}"></span>', self._bodies[start]) if start in self._bodies else ""
        anchor += format_html('<span class="anchor" id="c-{}"></span>', start) if begins else ""
        body = _marker_html(markers[start], self._text[start:end]) if start in markers else escape(self._text[start:end])
        if not covering:
            return f"{anchor}{body}"
        return anchor + format_html(
            '<mark data-claims="{}" title="{}">{}</mark>',
            " ".join(span.key for span in covering), "\n".join(span.line for span in covering), body,
        )  # fmt: skip


def _marker_html(marker: Marker, text: str) -> SafeString:
    """A note's marker: a link to the body, or a word that says the body is missing from the source."""
    if marker.missing:
        return format_html('<sup title="{}">{}</sup>', _("The source prints no text for this note."), text)
    return format_html(
        '<sup><a id="m-{}-{}" href="#n-{}">{}</a></sup>', marker.label, marker.number, marker.label, text
    )


def blocks(marked: Marked, passages: Iterable[Any]) -> Iterator[Block]:
    """Passages of a rendition as blocks."""
    for passage in passages:
        label = marked.note_in(passage.start, passage.end)
        yield Block(
            kind=passage.kind,
            level=passage.level,
            label=passage.label,
            page=passage.page,
            back=f"m-{label}-1" if label and marked.has_marker(label) else "",
            start=passage.start,
            html=marked.html(passage.start, passage.end),
        )
