"""The period a document reports on: said in its form (`Reporting for time period from … to …`) or in its title
(`Monthly bulletin, March 2024`, `Information on operations carried out in September 2024`).
"""

import re

from clearland.evidence.extraction.dates import When, dates
from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.document import Document

_PERIODICAL = re.compile(
    r"\b(?:weekly|monthly|quarterly|half-?yearly|semi-?annual)\b|\bmonth of\b|\b(?:reporting period|period covered)\b"
    r"|\b(?P<quarter>first|second|third|fourth|Q[1-4]|I{1,3}V?)\s(?:quarter)",
    re.IGNORECASE,
)
# A form says what it covers in a line of its own; a covering sentence may say it too.
_FORM = re.compile(
    r"\b(?:report(?:ing|s)?\s(?:is\s|made\s)?(?:for|on|covers|covering)?\s?(?:the\s)?(?:time\s)?period|"
    r"period\s(?:covered|under review|of reporting)|cover(?:s|ing) the (?:time )?period|for (?:the )?calendar year"
    r"|reporting year)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\W*(?:\d+\.\s)?(?:The present|This|The) report\b")
_WORK = re.compile(
    r"\b(?:information|bulletin|results?|figures|statistics|activit\w+|operations?|works?|report|summary|data|achievements"
    r"|update|newsletter|digest)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_FRONT, _FORM_WITHIN = 12, 40
_LINE, _SENTENCE, _OPENING = 160, 300, 80


def covered_period(document: Document) -> str | None:
    """ISO 8601 period the document covers, from its first lines; None where it does not say one."""
    for passage in document.passages[:_FORM_WITHIN]:
        line = surface(document.words(passage)).replace("\n", " ")
        match = (
            _FORM.search(line if _PRESENT.match(line) else line[:_OPENING])
            if len(line) <= _SENTENCE and passage.kind != "note"
            else None
        )
        found = (
            [when for when in dates(line[match.end() :]) if when.relation != "until" or when.from_ != when.to] if match else []
        )
        if found and (found[0].from_ != found[0].to or found[0].to.day is None):
            return found[0].value
    for passage in document.passages[:_FRONT]:
        line = surface(document.words(passage)).replace("\n", " ")
        told = _periodical(document, passage.number, line) if len(line) <= _LINE else None
        if told is None and passage.kind in {"title", "heading", "metadata", "letterhead"} and len(line) <= _SENTENCE:
            told = _of_title(line)
        if told is not None:
            return told
    return None


def _periodical(document: Document, number: int, line: str) -> str | None:
    """The quarter or the dates in or right below a line that names a periodical."""
    match = _PERIODICAL.search(line)
    if match is None:
        return None
    year = _YEAR.search(line)
    if match["quarter"] and year:
        quarter = _QUARTERS.get(match["quarter"].lower()) or int(match["quarter"][-1])
        return f"{year.group()}-{3 * quarter - 2:02d}/{year.group()}-{3 * quarter:02d}"
    found = dates(line)
    if not found and number + 1 < len(document.passages):
        below = surface(document.words(document.passages[number + 1])).replace("\n", " ")
        found = dates(below) if len(below) <= 80 else []
    return found[-1].period if found else None


def _of_title(line: str) -> str | None:
    """A month or a stretch of days in a title that speaks of work done."""
    found = dates(line) if _WORK.search(line) else []
    if len(found) != 1 or found[0].relation not in {"on", "since"} or not _is_stretch(found[0]):
        return None
    return found[0].value


def _is_stretch(when: When) -> bool:
    return when.from_ != when.to or (when.to.month is not None and when.to.day is None)
