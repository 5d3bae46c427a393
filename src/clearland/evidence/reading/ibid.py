"""Ibid resolved to the last source that can carry it, and flagged for a person where that is doubtful."""

import re
from collections import deque
from dataclasses import dataclass

from clearland.evidence.reading.blocks import Block

_IBID = re.compile(r"^\s*(?:see\s+)?ibid(?:em)?\b[.,;]?", re.IGNORECASE)
_PAGES = re.compile(r"\b(?:pp?\.\s?\d|pages?\s+\d|para(?:graph)?s?\.?\s+\d)", re.IGNORECASE)
_NO_PAGES = re.compile(
    r"^\s*(?:see,?\s+)?(?:[\w.’-]+\s+){0,3}?(?:e-?mails?|interviews?|telephone|letters?|statements?|remarks"
    r"|presentation|response|conversation|"
    r"meeting|press release|media advisory|radio|television|tv)\b",
    re.IGNORECASE,
)
_OTHER_NOTE = re.compile(
    r"\b(?:see(?:,?\s+also)?|supra|cited in|at),?\s+(?:foot|end)?notes?\s+(?P<label>\d{1,4})\b"
    r"|\bsupra,?\s+n(?:ote)?\.?\s*(?P<supra>\d{1,4})\b",
    re.I,
)

# An Ibid that reaches further back than this many sources means nothing.
_REMEMBERED = 200


@dataclass(frozen=True)
class _Source:
    """One source inside a note; several are parted by semicolons."""

    label: str
    start: int
    end: int
    text: str

    @property
    def can_carry_pages(self) -> bool:
        return _PAGES.search(self.text) is not None or not _NO_PAGES.match(self.text)

    @property
    def has_pages(self) -> bool:
        return _PAGES.search(self.text) is not None


def resolve_ibid(blocks: list[Block]) -> None:
    """Give every note that begins with Ibid `details["ibid"]`: note, start and end of its source, doubt, reason.

    A page in an Ibid after an e-mail or interview belongs to an earlier publication, the last one cited with pages.
    """
    known: deque[_Source] = deque(maxlen=_REMEMBERED)
    previous = ""
    for block in blocks:
        if block.kind != "note":
            continue
        _refer(block)
        if block.details.get("continued_note"):
            continue
        opening = _IBID.match(block.text[_body_at(block) :])
        found = _resolve(block, opening.end(), known, previous) if opening and known else None
        if found:
            source, reason = found
            block.details["ibid"] = {
                "note": source.label,
                "start": source.start,
                "end": source.end,
                "doubtful": bool(reason),
                "reason": reason,
            }
            known.append(source)
        known += _sources(block, skip_first=opening is not None)
        previous = block.label


def _body_at(block: Block) -> int:
    match = re.match(r"^\[?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+[\].)]?\s*", block.text)
    return match.end() if match else 0


def _sources(block: Block, skip_first: bool) -> list[_Source]:
    begin = _body_at(block)
    found = []
    for number, match in enumerate(re.finditer(r"[^;]+", block.text[begin:])):
        if match.group().strip(" .") and not (skip_first and number == 0):
            start = block.start + begin + match.start()
            found.append(_Source(block.label, start, start + len(match.group()), match.group()))
    return found


def _resolve(block: Block, after: int, known: deque[_Source], previous: str) -> tuple[_Source, str] | None:
    first = block.text[_body_at(block) + after :].split(";", 1)[0]
    last = known[-1]
    reasons = []
    if previous.isdigit() and block.label.isdigit() and int(block.label) - int(previous) > 1:
        reasons.append(f"the note before it ({int(block.label) - 1}) is missing")
    source = last
    if _PAGES.search(first) and not last.can_carry_pages:
        paged = next((source for source in reversed(known) if source.has_pages), None)
        paged = paged or next((source for source in reversed(known) if source.can_carry_pages), None)
        if paged is None:
            reasons.append("it gives pages, and no source above has any")
        else:
            source = paged
            reasons.append(f"it gives pages, and the source straight above (note {previous}) has none")
    if sum(1 for other in known if other.label == source.label) > 1:
        reasons.append(f"note {source.label} names several sources; the last that fits is taken")
    return source, "; ".join(reasons)


def _refer(block: Block) -> None:
    labels = [match["label"] or match["supra"] for match in _OTHER_NOTE.finditer(block.text)]
    if labels:
        block.details["refers_to_notes"] = labels
