"""Sentences of a passage, with the marks of the notes that close them, and across page breaks.

Source of the rule: a note marker belongs to the sentence it ends, and never to one after a paragraph's end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearland.evidence.reading.document import Document, Passage
from clearland.evidence.reading.notes import markers_in

_CLOSERS = "”\"’'»)\\]*"
_END = re.compile(rf"(?P<stop>[.!?…]+)(?P<close>[{_CLOSERS}]*(?:\s?\[\d{{1,4}}\]|[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*)*)")
_SPACED_NEXT = re.compile(r"\s+[“\"‘'«(\[*]*(?P<first>[^\W_])")
_GLUED_NEXT = re.compile(r"[“\"‘«(]?[A-ZÀ-ÞА-ЯƏİĞŞÇ](?=[\w'’]*\s|[a-zà-ÿа-яəığşç])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘\[/–-])(?:Mr|Mrs|Ms|Dr|Prof|Amb|Hon|Rev|St|Col|Lt|Gen|Maj|Capt|Cpt|Sgt|Brig|Adm|Cmdr|Pres|Sec"
    r"|Min|Dir|Gov|Rep|Sen|"
    r"Nos?|Arts?|Art|pp?|para|paras|vol|vols|ed|eds|chap|ch|sect|fig|figs|tab|cf|vs|viz|approx|ca|c|incl|excl"
    r"|est|max|min|tel|ref|doc|docs|"
    r"Inc|Ltd|Co|Corp|Dept|Univ|Assn|Bros|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|a\.m|p\.m|al"
    r"|Res|UN\s?doc|"
    r"г|гг|т|тыс|млн|млрд|им|стр|ст|др|см|s|sah|məs)$"
)
_MAY_END = re.compile(r"(?:^|\s)(?:Inc|Ltd|Co|Corp|al|a\.m|p\.m|г|др)$")
_INITIAL = re.compile(r"(?:^|[\s(“\"‘.–-])[A-ZÀ-ÞА-ЯƏİĞŞÇ]$")
_LIST_NUMBER = re.compile(r"^\s*[-–—•*]?\s*\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z])$")
_LOOK_BACK = 14


@dataclass(frozen=True)
class Sentence:
    """A sentence: its spans in the document (more than one across a page break), its words, the notes that close it.

    `text` joins the spans by one space; `offset(i)` leads from a character of it to the document.
    """

    passage: int
    spans: tuple[tuple[int, int], ...]
    text: str
    markers: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where it ends in the document."""
        return self.spans[-1][1]

    def offset(self, index: int) -> int:
        """The offset in the document of character `index` of `text` (its length gives the end)."""
        passed = 0
        for start, end in self.spans:
            if index <= passed + end - start:
                return start + index - passed
            passed += end - start + 1
        return self.end


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of the sentences in `text[start:end]`, in order, trimmed, every visible character in one of
    them.
    """
    cuts = [match.end() for match in _END.finditer(text, start, end) if _is_boundary(text, match, start, end)]
    spans = []
    begin = start
    for cut in [*cuts, end]:
        words = text[begin:cut]
        trimmed = words.strip()
        if trimmed:
            first = begin + len(words) - len(words.lstrip())
            spans.append((first, first + len(trimmed)))
        begin = cut
    return spans


def _is_boundary(text: str, match: re.Match[str], start: int, end: int) -> bool:
    if match.end() >= end:
        return False
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    plain_stop = match["stop"] == "." and not match["close"]
    following = _SPACED_NEXT.match(text, match.end(), end)
    if following is None:
        return _is_glued(text, match, before, end)
    if following["first"].islower():
        return False
    if not plain_stop:
        return True
    if _ABBREVIATION.search(before) and not (_MAY_END.search(before) and following["first"].isupper()):
        return False
    if match.start() - start <= _LOOK_BACK and _LIST_NUMBER.match(text[start : match.start()]):
        return False
    return not (_INITIAL.search(before) and following["first"].isupper())


def _is_glued(text: str, match: re.Match[str], before: str, end: int) -> bool:
    """A sentence begins straight after the stop: "…the region).Following a decree" but not "U.S." or "en.apa.az"."""
    if not _GLUED_NEXT.match(text, match.end(), end):
        return False
    return bool(match["close"]) or not (_INITIAL.search(before) or _ABBREVIATION.search(before) or before[-1:].isdigit())


def sentences(document: Document) -> Iterator[Sentence]:
    """Every sentence of every passage in order; one broken across pages comes once, from the passage it begins in."""
    taken: dict[int, int] = {}
    for passage in document.passages:
        spans = sentence_spans(document.text, taken.pop(passage.number, passage.start), passage.end)
        for position, span in enumerate(spans):
            parts = [span]
            if position == len(spans) - 1:
                parts += _rest(document, passage, taken)
            yield _sentence(document, passage, parts)


def _rest(document: Document, passage: Passage, taken: dict[int, int]) -> list[tuple[int, int]]:
    parts = []
    following = passage.details.get("continued_by")
    while isinstance(following, int):
        further = document.passages[following]
        spans = sentence_spans(document.text, further.start, further.end)
        parts.append(spans[0])
        taken[further.number] = spans[0][1]
        following = further.details.get("continued_by") if len(spans) == 1 else None
    return parts


def _sentence(document: Document, passage: Passage, parts: list[tuple[int, int]]) -> Sentence:
    words = " ".join(document.text[start:end] for start, end in parts)
    first, last = parts[-1]
    labels = [
        label
        for label, start, end in markers_in(document.text, first, last)
        if end == last or _only_marks(document.text, end, last)
    ]
    own = passage.kind == "note"
    return Sentence(passage.number, tuple(parts), words, () if own else tuple(labels))


def _only_marks(text: str, start: int, end: int) -> bool:
    return not re.sub(r"\[\d{1,4}\]|[\s.,;:⁰¹²³⁴⁵⁶⁷⁸⁹]", "", text[start:end])
