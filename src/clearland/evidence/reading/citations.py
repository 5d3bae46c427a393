"""Inline citations cut out of the sentences they are glued between.

Some publishers' notes fall into the running text when a page is saved: `…by 2023.“Title”, Publisher, 3 May 2023,
at: The next sentence…`. The glue (end punctuation directly followed by a capital or an opening quote) marks where one
may begin; its form (quoted title and publisher, or a kind of document with a date, page or form) proves that it is one.
"""

import re
from copy import deepcopy

from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.wording import ANY_DATE, DATE

_GLUE = re.compile(r"(?<=[.!?”\"’)\]])(?<![\s(]\w\.)(?=[“\"«A-Z])")
_URL = r"(?:<?https?://[^\s<>]+?>?(?=\.?(?:\s|$)|\.[A-Z“])\.?|www\.\S+)"
_TITLED = re.compile(
    rf"(?:[A-Z][\w.’' -]{{2,60}},"
    rf" )?[“\"«](?P<title>[^“”\"«»]{{3,300}})[,.]?[”\"»],?\s+(?P<rest>[^“”\"]{{2,200}}?)(?P<date>{DATE})"
    rf"(?P<pages>,?\s+pp?\.\s?\d+(?:[–-]\d+)?)?(?:,?\s+(?:available\s+)?at:?\s*(?:{_URL})?|\s*[.;]|(?=\s*$))",
)
_OPENER = re.compile(
    r"(?:(?:Telephone\s+|Skype\s+|Online\s+|Video\s+)?Interviews?\s+with|E-?mails?\s+(?:from|to)"
    r"|Letters?\s+(?:from|to|dated)|Statement\s+(?:of|by|from)|"
    r"Presentation\s+(?:of|by)|Response\s+(?:to|of|by|from)|Remarks\s+(?:of|by)|Information\s+(?:from|provided)"
    r"|Articles?\s+[57]|CCM\s+Article|"
    r"CCW\s|APMBC\s+Article|Press\s+release|UN\s+doc|Ibid|See[, ]|Questionnaire\s+response|Preliminary\s+observations)"
)
_SENTENCE = re.compile(rf"[^.]*(?:\.(?=\w|,|\s\d|\s[a-z])[^.]*)*(?:at:?\s*{_URL}|\.|$)")
_PROOF = re.compile(rf"{DATE}|\bpp?\.\s?\d|\bForm\s+[A-J]\b|\bat:", re.IGNORECASE)
_MAX_LENGTH = 500


def citation_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every inline citation in a paragraph, in order."""
    spans: list[tuple[int, int]] = []
    if "“" in text or '"' in text or "«" in text:
        spans += [_whole(text, match) for match in _TITLED.finditer(text) if _is_apart(text, match)]
    for glue in _GLUE.finditer(text):
        if _OPENER.match(text, glue.start()) and not any(start <= glue.start() < end for start, end in spans):
            sentence = _SENTENCE.match(text, glue.start())
            if sentence and _PROOF.search(sentence.group()) and len(sentence.group()) <= _MAX_LENGTH:
                spans.append((glue.start(), sentence.end()))
    return sorted(spans)


def _is_apart(text: str, match: re.Match[str]) -> bool:
    """A citation starts at the glue or a sentence, and ends in `at:` or at punctuation: a quoted title in a
    sentence does not.
    """
    before = text[: match.start()].rstrip()
    glued = bool(before) and len(before) == match.start()
    starts = not before or before[-1] in '.!?”"’)]'
    located = re.search(r"\bat:?\s*(?:\S*)$", match.group()) is not None
    return starts and (located or (glued and len(match.group()) <= _MAX_LENGTH))


def _whole(text: str, match: re.Match[str]) -> tuple[int, int]:
    return match.start(), match.start() + len(match.group().rstrip())


def cut_citations(blocks: list[Block]) -> list[Block]:
    """Blocks with their citations as blocks of their own; what follows one goes on the paragraph
    (`details["part_of"]`).
    """
    cut: list[Block] = []
    for block in blocks:
        spans = citation_spans(block.text) if block.kind in {"paragraph", "answer", "list_item"} else []
        cut += pieces(block, spans) if spans else [block]
    return cut


def pieces(block: Block, spans: list[tuple[int, int]]) -> list[Block]:
    """A block cut at the spans of its citations (offsets in its own text)."""
    parts: list[Block] = []
    position = 0
    for start, end in [*spans, (len(block.text), len(block.text))]:
        for kind, begin, stop in ((block.kind, position, start), ("citation", start, end)):
            words = block.text[begin:stop].strip()
            if words:
                parts.append(_piece(block, kind, block.text.index(words, begin, stop), words))
        position = end
    for number, piece in enumerate(parts):
        if number:
            piece.blank_before = 0
            piece.details["part_of"] = parts[0].start
        if piece.kind == "citation":
            found = ANY_DATE.search(piece.text)
            piece.details["cites_for"] = [parts[number - 1].start, parts[number - 1].end] if number else None
            piece.details["date_text"] = found.group() if found else None
    return parts


def _piece(block: Block, kind: str, begin: int, words: str) -> Block:
    piece = deepcopy(block)
    piece.kind, piece.text = kind, words
    piece.start = block.start + begin
    piece.end = piece.start + len(words)
    piece.details = {} if kind == "citation" else {name: value for name, value in block.details.items() if name != "lines"}
    return piece
