"""What a note tells of the sources it cites: author, title, publisher, date, symbol, address, pages.

A note may name several sources, parted by semicolons or told one after the other, and may hold sentences that are no
citation. Of a letter, a talk or an interview the office is kept and not the person who held it.
"""

import re
from dataclasses import dataclass

from clearland.evidence.extraction.dates import When, dates

_BODY = re.compile(r"^\s*(?:(?:\[[\d*†]{1,4}\]|\d{1,4}[.)](?=\s)|[⁰¹²³⁴⁵⁶⁷⁸⁹*†]{1,4}|\d{1,3}(?=\s+[A-Z“\"]))\s*)+")
_PARTS = re.compile(r";\s+(?:and\s+)?|(?<=[.”\"»])\s+(?=See(?:\s+also)?[\s,])")
_SENTENCES = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][”\"»]))(?<!\bp\.)(?<!pp\.)(?<!\b[A-Z]\.)(?<!No\.)(?<!Col\.)(?<!Gen\.)(?<!Dr\.)(?<!Mr\.)(?<!Ms\.)"
    r"\s+(?=[A-Z“\"«])"
)
_LEAD = re.compile(r"^(?:See(?:\s+also)?|Cf\.?|and|also|for example|e\.g\.)[\s,:]+", re.IGNORECASE)
_IBID = re.compile(r"^\s*(?:ibid|idem|там же|yenə orada)\b", re.IGNORECASE)
_TITLE = re.compile(r"[“\"«](?P<title>[^”\"»]{3,300})[”\"»]")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>,;]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|int|com|net|az|ru|gov|edu|eu)\b(?:/[^\s<>,;]*)?"
)
_SYMBOL = re.compile(r"\b[A-Z]{1,8}(?:\.[A-Z]{2,8})*(?:/[A-Z0-9][A-Z0-9.\-()]*){1,6}\b|\b[A-Z]{2,6}\.[A-Z]{2,6}/\d[\d/]*")
_PAGES = re.compile(r"\b(?:pp?\.|pages?)\s?\d+(?:\s?[–-]\s?\d+)?", re.IGNORECASE)
_KINDS = (
    ("interview", re.compile(r"^(?:[\w/]+\s+){0,4}interviews?\s+with|^telephone\s", re.IGNORECASE)),
    ("letter", re.compile(r"^(?:e-?mails?|letters?|fax|response\s+to\s+.*letter|note verbale)\b", re.IGNORECASE)),
    ("statement", re.compile(r"\b(?:statements?|remarks|presentation|right of reply|intervention)\b", re.IGNORECASE)),
    ("treaty_report", re.compile(r"\barticle\s(?:5|7|10|13)\b|\bform\s[A-J]\b|\bquestionnaire\b", re.IGNORECASE)),
    ("official_record", re.compile(r"\b(?:UN doc|resolution|A/RES|S/\d{4}|FSC\.)", re.IGNORECASE)),
    ("legal_text", re.compile(r"\b(?:law|decree|act|code|protocol) (?:of|on|no)\b", re.IGNORECASE)),
    ("report", re.compile(r"\b(?:report|portfolio|review|survey|assessment|handbook)\b", re.IGNORECASE)),
    ("press", re.compile(r"\b(?:news|agency|newspaper|media|press|gazette|times|post)\b", re.IGNORECASE)),
)
_BRACKETS = re.compile(r"\([^)]*\)?")
_SAID_BY = re.compile(r"interview|e-?mail|letter|fax|response|note verbale", re.IGNORECASE)
_SPOKEN = frozenset({"interview", "letter"})
_PARTIES = re.compile(r"\b(?:with|from|by|of)\s+(?P<who>[^,;]+)(?:,\s*(?P<office>[^;]*))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One source that a note cites; what the note does not tell is empty. `published` is an ISO date of its own precision.

    `words` are the characters of the note it was read from, without white space at the ends."""

    words: str
    title: str
    author: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    symbol: str = ""
    pages: str = ""
    publication_type: str = "other"

    @property
    def line(self) -> str:
        """Author, title, publisher and date, as a list prints them."""
        return ", ".join(part for part in (self.author, self.title, self.publisher, self.published) if part)


def is_ibid(note: str) -> bool:
    """Whether a note points at the source cited before it."""
    return bool(_IBID.match(_BODY.sub("", note, count=1)))


def cited_in(note: str) -> list[Cited]:
    """The sources a note cites, in order. Nothing for an Ibid, whose source another note tells."""
    text = " ".join(_BODY.sub("", note, count=1).split())
    found = [_read(part) for part in _PARTS.split(text) if part.strip(" .,") and not _IBID.match(part)]
    return [one for one in found if one is not None]


def _read(part: str) -> Cited | None:
    words = _citation(part)
    bare = _LEAD.sub("", words)
    if len(bare.strip(" .,")) < 4:
        return None
    kind = next((name for name, sign in _KINDS if sign.search(bare)), "other")
    title = _TITLE.search(bare)
    day = _day(bare, title.end() if title else 0) or _day(bare, 0)
    url, symbol, pages = (sign.search(bare) for sign in (_URL, _SYMBOL, _PAGES))
    if kind == "other" and not (title or url or symbol or pages or any(dates(bare))):
        return None
    told = {
        "published": day.period if day else "",
        "url": url.group().rstrip(".") if url else "", "symbol": symbol.group() if symbol else "",
        "pages": pages.group() if pages else "", "publication_type": kind,
    }  # fmt: skip
    ends = [match.start() for match in (url, pages) if match] + ([day.start] if day else [])
    ends += [found.start() for found in _BRACKETS.finditer(bare) if found.start() > 8]
    if title and kind not in _SPOKEN:
        author = bare[: title.start()].strip(" ,.:")
        if kind == "statement" and (who := _PARTIES.search(author)):
            author = (who["office"] or author).strip(" ,.")
        after = bare[title.end() : min([end for end in ends if end > title.end()], default=len(bare))]
        publisher = re.sub(r",?\s*(?:available\s+)?at:?\s*$", "", after).strip(" ,.;()")
        return Cited(words=words, title=title["title"].strip(" ,.’'"), author=author, publisher=publisher[:200], **told)
    head = bare[: min((end for end in ends if end > 8), default=len(bare))].strip(" ,.;(")
    if kind in _SPOKEN:
        who, said = _PARTIES.search(head), _SAID_BY.search(head)
        office = str(who["office"] or "").strip(" ,.") if who else ""
        return Cited(words=words, title=said.group().capitalize() if said else head, author=office, **told)
    author, _comma, rest = head.partition(", ")
    whole = not rest or len(author) > 60 or kind in ("statement", "treaty_report")
    return Cited(words=words, title=(head if whole else rest)[:300], author="" if whole else author, **told)


def _day(text: str, after: int) -> When | None:
    """The date of the source, from a character on: outside brackets first, and never the period that a report covers."""
    outside = _BRACKETS.sub(lambda found: " " * len(str(found.group())), text)
    for each in (outside, text if "period" not in text else ""):
        for when in dates(each):
            if when.start >= after and re.fullmatch(r"\d{4}(-\d{2}){0,2}", when.period):
                return when
    return None


def _citation(part: str) -> str:
    """The sentence of a part that is a citation: the last with a quoted title, a date or pages, else the whole part."""
    sentences = [each.strip() for each in _SENTENCES.split(part) if each.strip()]
    for sentence in reversed(sentences):
        if _TITLE.search(sentence) or _PAGES.search(sentence) or any(when.period for when in dates(sentence)):
            return str(sentence)
    return part.strip()
