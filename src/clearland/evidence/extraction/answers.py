"""Questionnaires: answers that are none, parts of a question left unanswered, and references from one answer to another."""

import re
from collections.abc import Iterator
from dataclasses import replace

from clearland.claims.model import Claim, Scope
from clearland.evidence.extraction.context import Source
from clearland.evidence.extraction.lexicon import treaty_code
from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.document import Document, Passage

_REFERENCE = re.compile(r"(?:\bPart\s[IVX]+,?\s)?\b[Qq]uestions?\s\d{1,2}(?:\s?\(?[a-z]\)?)?(?:,?\s(?:of\s)?Part\s[IVX]+)?")
_PLAIN_ANSWER = re.compile(
    r"^\s*(?P<word>Yes|Not? (?:at present|yet|currently|at this (?:stage|time)|"
    r"at the moment|for the time being)|No)\s*[.,;]?\s*$",
    re.IGNORECASE,
)
_ASKED = (
    ("cooperation.needed", re.compile(r"receiving assistance|require assistance", re.IGNORECASE)),
    ("cooperation.given", re.compile(r"capacity to assist", re.IGNORECASE)),
    ("treaty.position", re.compile(r"considering", re.IGNORECASE)),
    ("treaty.legislation", re.compile(r"legislation", re.IGNORECASE)),
)
_FORM_LINES = frozenset({"paragraph", "list_item", "heading", "navigation"})
_LEAD = 140
_PART = re.compile(r"[^.?!]+[.?!]")
_CONDITIONAL = re.compile(
    r"^\s*(?:In case|If|Where|When|In the event)\b\s?(?:of\s|an?\s|the\s|any\s)*(?P<noun>[a-z]{6,})", re.IGNORECASE
)
_PLAIN = frozenset(
    {
        "please",
        "describe",
        "country",
        "provide",
        "information",
        "attach",
        "indicate",
        "applicable",
        "possible",
        "answer",
        "measures",
    }
)


def answers(document: Document, source: Source) -> Iterator[Claim]:
    """Claims about the form of the answers, in order of the document."""
    told: dict[str, str] = {}
    questions = {
        passage.question: surface(document.words(passage))
        for passage in document.passages
        if passage.kind == "question" and passage.question
    }
    for passage in document.passages:
        if passage.kind == "answer" and passage.question:
            told[passage.question] = told.get(passage.question, "") + " " + document.words(passage).lower()
            yield from _reference(document, passage, source)
            plain = _PLAIN_ANSWER.match(surface(document.words(passage)))
            if plain:
                yield from _yes_or_no(document, passage, source, questions.get(passage.question), plain)
            elif (opening := _opening(document, passage, questions.get(passage.question))) is not None:
                yield from _yes_or_no(document, passage, source, questions.get(passage.question), opening)
            elif "non_answer" in passage.details:
                yield _claim(source, passage, passage.start, passage.end, "answer.none", document.words(passage).strip())
    yield from _short_answers(document, source)
    for passage in document.passages:
        if passage.kind == "question" and passage.question in told:
            yield from _unanswered(document, passage, told[passage.question], source)


_OPENING_ANSWER = re.compile(r"^\s*(?P<word>Yes|No)\b(?=[.,;:]?\s)", re.IGNORECASE)
_STATUS_SAID = re.compile(r"\b(?:part(?:y|ies)|acceded|ratified|signed|member|joined|bound)\b", re.IGNORECASE)


def _opening(document: Document, passage: Passage, question: str | None) -> re.Match[str] | None:
    """`Yes, on 7 February 2005`: the opening word answers what a treaty's status is, where no other words say it."""
    words = surface(document.words(passage))
    match = _OPENING_ANSWER.match(words)
    asked = match is not None and re.search(r"state party|ratified|acceded|notified", question or "", re.IGNORECASE)
    return match if asked and not _STATUS_SAID.search(words[:_LEAD]) else None


_SHORT_ANSWER = re.compile(
    r"^\s*(?:(?P<label>[A-Z0-9][^:.!?]{2,80}?)\s?:\s+)?"
    r"(?P<word>n\.?/a\.?|none|nil|not applicable|nothing to report|unchanged"
    r"|no changes?(?:,? (?:since|see)[^.;]{0,60})?)\s?[.;]?\s*$",
    re.IGNORECASE,
)


def _short_answers(document: Document, source: Source) -> Iterator[Claim]:
    """Lines of a form that hold only a non-answer, with or without what they are about (`Transferred: None`)."""
    for passage in document.passages:
        if passage.kind not in _FORM_LINES or passage.question:
            continue
        match = _SHORT_ANSWER.match(surface(document.words(passage)))
        if match is None or (match["label"] is None and match["word"].lower().startswith(("no ch", "not app", "nothing", "nil"))):
            continue  # those alone are read as sentences
        start = passage.start + match.start("word")
        yield _claim(source, passage, start, passage.start + match.end("word"), "answer.none", match["word"].strip())


def _yes_or_no(
    document: Document, passage: Passage, source: Source, question: str | None, plain: re.Match[str]
) -> Iterator[Claim]:
    """`Yes.` or `No.` alone says what its question asks: of a treaty its status, of anything else only the answer."""
    if question is None:
        return
    yes = plain["word"].lower() == "yes"
    treaty = treaty_code(question) if re.search(r"state party|ratified|acceded|notified", question, re.IGNORECASE) else None
    asked = next((attribute for attribute, pattern in _ASKED if pattern.search(question)), "answer")
    attribute = "treaty.status" if treaty else asked
    value = ("party" if yes else "not party") if treaty else plain["word"]
    claim = _claim(source, passage, passage.start, passage.start + len(plain["word"]), attribute, value)
    yield replace(claim, value_status="known", polarity="affirmed" if yes else "negated", scope=Scope(definition=treaty))


def _claim(source: Source, passage: Passage, start: int, end: int, attribute: str, value: str) -> Claim:
    setting = source.setting
    return Claim(
        file=source.file,
        start=start,
        end=end,
        subject=f"answer to {passage.question}" if attribute == "answer.reference" else setting.country or "document",
        attribute=attribute,
        value=value,
        value_status="known" if attribute == "answer.reference" else "not_answered",
        unit="text",
        claimant=setting.claimant,
        period=f"as-of {setting.as_of}" if setting.as_of else None,
        as_of=setting.as_of,
        question=passage.question,
    )


def _reference(document: Document, passage: Passage, source: Source) -> Iterator[Claim]:
    """An answer that is only a pointer to another answer; pointers inside an argument are no claims of their own."""
    text = surface(document.words(passage))
    match = _REFERENCE.search(text)
    if match and re.match(
        r"\s*(?:Please,?\s)?(?:kindly\s)?(?:see|refer|cf\.?|as (?:stated )?in|same as)(?!\w)", text, re.IGNORECASE
    ):
        yield _claim(
            source, passage, passage.start + match.start(), passage.start + match.end(), "answer.reference", match.group()
        )


def _unanswered(document: Document, passage: Passage, told: str, source: Source) -> Iterator[Claim]:
    """Parts of a question that open with a condition whose subject the answer never names."""
    text = surface(document.words(passage))
    parts = list(_PART.finditer(text))
    for part in parts[1:]:
        match = _CONDITIONAL.match(part.group())
        if match and match["noun"].lower() not in _PLAIN and match["noun"].lower()[:7] not in told:
            start = passage.start + part.start() + match.start("noun")
            yield _claim(source, passage, start, start + len(match["noun"]), "answer.none", "not answered")
