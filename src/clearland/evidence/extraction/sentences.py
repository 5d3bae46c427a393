"""Sentences of a passage as rules see them, each character still knowing its place in the source.

White space is one space, note markers and stray emphasis marks are taken out (markers are kept with the place where they
stood), look-alike letters are folded. A sentence that runs over a page break is put together again before it is split.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.document import Document, Passage

_ABBREVIATION = re.compile(
    r"(?:\b(?:Col|Lt|Gen|Maj|Capt|Sgt|Mr|Mrs|Ms|Dr|Prof|Hon|Amb|St|No|Nos|Art|p|pp|vol|ed|eds|cf|al|vs|approx|ca|Inc"
    r"|Ltd|Co|Dept|fig|sq|U\.S|U\.N|e\.g|i\.e|a\.m|p\.m)"
    r"|\b[A-Z]|\bLt\.-Gen)\.$",
    re.IGNORECASE,
)
_END = re.compile(r"(?P<stop>[.!?]+)(?P<close>[\"')\]]*)(?P<gap>\s+|(?=[\"'(]?[A-Z][a-z]+[ ,']))")
_OPENING, _CLOSING = "“„«", "”»"
_LONGEST_QUOTE = 1_500


@dataclass(frozen=True)
class Sentence:
    """A sentence: `text` for rules, `places[i]` the source offset of `text[i]`, `markers` labels of notes that close it."""

    text: str
    places: Sequence[int]
    passage: Passage
    markers: tuple[str, ...]
    quotes: tuple[tuple[int, int], ...]
    index: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of `text[start:end]`, white space at either end left out."""
        words = self.text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
        return self.places[start], self.places[end - 1] + 1

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether the middle of `text[start:end]` stands in quotation marks."""
        middle = (start + end) // 2
        return any(a <= middle < b for a, b in self.quotes)

    @cached_property
    def lower(self) -> str:
        """The text in lower case, for quick tests by word."""
        return self.text.lower()


def sentences(document: Document, passages: Sequence[Passage], markers: Mapping[int, tuple[int, str]]) -> list[Sentence]:
    """Sentences of passages that read as one (a passage and those that continue it).

    `markers` maps the start of each note marker to (its end, its label).
    """
    text, places, marks = _compact(document.text, passages, markers)
    folded = surface(text)
    quotes = _quotes(text)
    found = []
    for index, (start, end) in enumerate(_split(folded, quotes, {at for at, _ in marks})):
        inner = tuple((max(a, start) - start, min(b, end) - start) for a, b in quotes if a < end and b > start)
        labels = tuple(label for at, label in marks if start < at <= end + 1 and _closes(folded, at, end))
        found.append(Sentence(folded[start:end], places[start:end], _owner(passages, places[start]), labels, inner, index))
    return found


def _owner(passages: Sequence[Passage], place: int) -> Passage:
    return next((passage for passage in passages if passage.start <= place < passage.end), passages[0])


def _closes(text: str, at: int, end: int) -> bool:
    """A marker closes its sentence when only punctuation stands between it and the sentence's end."""
    return not re.search(r"\w", text[at:end])


def _compact(
    source: str, passages: Iterable[Passage], markers: Mapping[int, tuple[int, str]]
) -> tuple[str, list[int], list[tuple[int, str]]]:
    letters: list[str] = []
    places: list[int] = []
    marks: list[tuple[int, str]] = []
    for passage in passages:
        if letters and letters[-1] != " ":
            letters.append(" ")
            places.append(passage.start)
        at = passage.start
        while at < passage.end:
            if at in markers:
                marks.append((len(letters), markers[at][1]))
                at = _past_comma(source, markers[at][0], markers)
                continue
            letter = source[at]
            if letter.isspace():
                letter = " "
            if not (letter == "*" or (letter == " " and (not letters or letters[-1] == " "))):
                letters.append(letter)
                places.append(at)
            at += 1
    while letters and letters[-1] == " ":
        letters.pop()
        places.pop()
    return "".join(letters), places, marks


def _past_comma(source: str, at: int, markers: Mapping[int, tuple[int, str]]) -> int:
    """Past the comma between two markers of one place (`.[5], [6]`), which is none of the sentence's own."""
    comma = re.match(r"[,;]\s?", source[at : at + 2])
    return at + comma.end() if comma and at + comma.end() in markers else at


def _quotes(text: str) -> tuple[tuple[int, int], ...]:
    """Spans between double quotation marks, curly or straight, marks left out; an unclosed one is none."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in re.finditer(f'[{_OPENING}{_CLOSING}"]', text):
        sign = match.group()
        if sign in _OPENING or (sign == '"' and opened is None):
            if opened is None:
                opened = match.end()
        elif opened is not None:
            if match.start() - opened <= _LONGEST_QUOTE and match.start() > opened:
                spans.append((opened, match.start()))
            opened = None
    return tuple(spans)


def _split(text: str, quotes: Sequence[tuple[int, int]], marks: set[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        cut = match.end("close")
        if any(a <= match.start() < b and not _ends_quote(text, match, b) for a, b in quotes):
            continue
        if not _is_end(text, match, marks):
            continue
        if cut > start:
            yield start, cut
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _ends_quote(text: str, match: re.Match[str], quote_end: int) -> bool:
    return match.end("stop") == quote_end or match.end("close") >= quote_end


def _is_end(text: str, match: re.Match[str], marks: set[int]) -> bool:
    following = text[match.end() : match.end() + 2]
    glued = not match["gap"]
    if glued and not ({match.end("close"), match.end("stop")} & marks):
        before = text[: match.start()]
        return (
            bool(re.search(r"(?:[a-z]{3}|[)\d])$", before))
            and match["stop"] == "."
            and not _ABBREVIATION.search(before[-10:] + ".")
        )
    if match["stop"] == "." and not match["close"] and _ABBREVIATION.search(text[max(0, match.start() - 10) : match.start() + 1]):
        return bool({match.end("close"), match.end("stop")} & marks)
    return bool(following) and (not following[0].islower()) and following[0] not in ",;:"
