"""What a document says of itself and of its sources: symbols and dates, the dates of works cited in notes."""

import re
from collections.abc import Iterator

from clearland.claims.model import Claim, NoteLabel
from clearland.evidence.extraction.context import Source, note_label
from clearland.evidence.extraction.dates import When, dates
from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.document import Document, Passage

_SYMBOL = re.compile(r"(?<![\w/])[A-Z]{1,5}(?:\.[A-Z]{1,4})*(?:/[A-Z0-9][\w.]*)+(?![\w/])")
_FRONT = frozenset({"letterhead", "title", "navigation", "heading"})
_LONGEST_NAME = 100
_VOICE = re.compile(r"\b(?:PERMANENT MISSION|EMBASSY|MINISTRY|DELEGATION)\b", re.IGNORECASE)


def particulars(document: Document, source: Source) -> Iterator[Claim]:
    """Claims from lines about the document itself, then from its notes."""
    sender: str | None = source.setting.claimant if source.setting.genre == "report" else None
    publisher = document.metadata.get("publisher")
    transmitter: str | None = None
    for passage in document.passages:
        words = surface(document.words(passage))
        if passage.kind in _FRONT and len(words) <= _LONGEST_NAME and _VOICE.search(words):
            transmitter = f"Permanent Mission of {source.setting.country}" if "MISSION" in words.upper() else words.strip()
        if passage.kind == "metadata":
            yield from _metadata(passage, words, source, sender or transmitter or publisher or source.setting.claimant)
    yield from _citations(document, source)


def _metadata(passage: Passage, words: str, source: Source, claimant: str | None) -> Iterator[Claim]:
    label = str(passage.details.get("label", ""))
    symbol = _SYMBOL.search(words)
    if "symbol" in label and symbol:
        yield _claim(
            source,
            passage.start + symbol.start(),
            passage.start + symbol.end(),
            "document",
            "source.number",
            symbol.group(),
            "text",
            source.setting.as_of,
            claimant,
        )
        return
    if "period" in label:
        for when in dates(words)[:1]:
            yield _dated(source, passage, when, "source.period", claimant)
        return
    for when in dates(words)[-1:]:
        yield _dated(source, passage, when, "source.date", claimant)


def _dated(source: Source, passage: Passage, when: When, attribute: str, claimant: str | None) -> Claim:
    return _claim(
        source,
        passage.start + when.start,
        passage.start + when.end,
        "document",
        attribute,
        when.value,
        "date",
        when.value,
        claimant,
    )


def _claim(
    source: Source,
    start: int,
    end: int,
    subject: str,
    attribute: str,
    value: str,
    unit: str,
    period: str | None,
    claimant: str | None,
    in_footnote: NoteLabel | None = None,
) -> Claim:
    return Claim(
        file=source.file,
        start=start,
        end=end,
        subject=subject,
        attribute=attribute,
        value=value,
        unit=unit,
        period=period,
        as_of=source.setting.as_of,
        claimant=claimant,
        in_footnote=in_footnote,
    )


def _work(before: str) -> str:
    """The work a note cites by its own words up to the date, shortened at a word."""
    words = " ".join(before.split()).strip(" ,;:(\"'-")
    words = re.sub(r",?\s(?:for the period|dated|of|held \w+|on|in)$", "", words)
    if len(words) > _LONGEST_NAME:
        words = words[:_LONGEST_NAME].rsplit(" ", 1)[0]
    return words or "source cited in a note"


def _citations(document: Document, source: Source) -> Iterator[Claim]:
    """The date of the first work a note cites: its period covered, or the last date before its end."""
    for label, (start, end) in source.note_spans.items():
        body = surface(document.text[start:end])
        works = re.split(r";\s|\.\s(?=See|[A-Z]\w+ (?:denied|stated|said))", body, maxsplit=1)
        found = dates(works[0].replace("\n", " ")) if works else []
        if not found:
            found = dates(body.replace("\n", " "))[-1:]
        chosen = next((when for when in found if when.from_ != when.to), found[-1] if found else None)
        if chosen is None or chosen.to.month is None:
            continue
        attribute = "source.period" if chosen.from_ != chosen.to else "source.date"
        yield _claim(
            source,
            start + chosen.start,
            start + chosen.end,
            _work(body[: chosen.start]),
            attribute,
            chosen.value,
            "date",
            chosen.period,
            source.setting.claimant,
            note_label(label),
        )
