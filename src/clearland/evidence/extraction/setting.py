"""Who speaks in a document by default, about whom, and when: what every claim of it starts from."""

import re
from dataclasses import dataclass
from typing import Literal

from clearland.evidence.extraction.covered import covered_period
from clearland.evidence.extraction.dates import dates
from clearland.evidence.extraction.lexicon import words
from clearland.evidence.extraction.names import Names, states_in
from clearland.evidence.extraction.surface import bare, surface
from clearland.evidence.reading.document import Document, Passage

_TRANSMITTED = re.compile(
    r"\b(?:permanent mission|permanent delegation|embassy|delegation) of (?:the )?(?:republic of |kingdom of "
    r"|state of |federal republic of |islamic republic of )?"
    r"(?P<a>[A-Z][\w' -]{2,40}?)(?=\s(?:to\b|presents|has the|at\b|in\b)|\s?$|,|\n)|(?:^|\n)\s*(?:name of )?(?:state"
    r"|high contracting party)(?:\s\[?party\]?)?(?:\s\(country\))?\s?:\s*(?P<b>[A-Z][\w' -]{2,40})",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"^\s*(?:statement|intervention|remarks|reply|response|national report|report)\s(?:by|of"
    r"|from)\s(?:the )?(?:delegation of |republic of |government of )*(?P<a>[A-Z][\w' -]{2,40})",
    re.IGNORECASE,
)
_QUESTIONS = re.compile(
    r"questionnaire|does your country|is your country|has your country|your (?:government|state)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d(])(?:19|20)\d\d(?!\d)")
_HEAD = 4_000
_SHORT = 220


@dataclass(frozen=True)
class Setting:
    """`claimant` is the default voice, `country` the state the document is about, `as_of` the date of what it says now.

    `covered` is the period that a periodical or a form (a monthly bulletin, a yearly return) reports on;
    `national` tells that an institution of that state heads the document.
    """

    genre: Literal["reply", "report"]
    claimant: str | None
    country: str | None
    as_of: str | None
    year: int | None
    covered: str | None = None
    national: bool = False

    @property
    def holds_on(self) -> str | None:
        """The day on which what is told in the present tense holds: of a state's yearly return the end of what it covers."""
        until = (self.covered or "").rpartition("/")[2]
        yearly = self.genre == "reply" and until and self.as_of and until[:4] < self.as_of[:4]
        return until if yearly else self.as_of

    @property
    def government(self) -> str | None:
        """The state the document is about, as a claimant."""
        return f"Government of {self.country}" if self.country else None


def setting_of(document: Document, file: str, names: Names) -> Setting:
    """Read the setting from metadata, first lines and the file's name as it was handed over."""
    head = surface(document.text[:_HEAD])
    country = _country(document, head, file, names)
    covered = covered_period(document)
    as_of = _as_of(document, head, file, covered)
    year = int(as_of[:4]) if as_of else None
    voice = _state_voice(document, names)
    if voice is not None and not _is_third(document, head, file):
        return Setting("reply", f"Government of {voice}", voice, as_of, year, covered)
    if country and (_asks(document) or _is_return(document)) and _publisher(document, head, file) is None:
        return Setting("reply", f"Government of {country}", country, as_of, year, covered)
    publisher = _publisher(document, head, file)
    # A ministry speaks for its state, whatever form its words take.
    genre: Literal["reply", "report"] = "reply" if country and publisher and publisher.startswith("Ministry of") else "report"
    national = country is not None and publisher is not None and publisher in {_institution(document), _author(document)}
    return Setting(genre, publisher, country, as_of, year, covered, national)


def _asks(document: Document) -> bool:
    """Whether questions are put to a state in the document's own text, which a note that names a questionnaire does not."""
    return any(
        passage.kind != "note" and passage.start < _HEAD and _QUESTIONS.search(surface(document.words(passage)))
        for passage in document.passages
    )


# The form of a state's own report under a treaty, by its title and by the letters or numbers of its parts.
_RETURN = re.compile(
    r"\breport\b[^.]{0,60}\b(?:article|art\.)\s\d+|\bnational annual report\b|\btransparency report\b"
    r"|\b(?:article|art\.)\s\d+\b[^.]{0,40}\breport\b",
    re.IGNORECASE,
)
_RETURN_PART = re.compile(
    r"^\s*form\s[A-K]\b|\breport(?:ing|s)?\s(?:for|on|covers)?\s?(?:the\s)?(?:time\s)?period\b", re.IGNORECASE | re.MULTILINE
)


def _is_return(document: Document) -> bool:
    """Whether the document is a state's report under a treaty: titled so, and in the parts of its form."""
    head = [passage for passage in document.passages[:8] if passage.end - passage.start <= _SHORT]
    titled = any(_RETURN.search(surface(document.words(passage)).replace("\n", " ")) for passage in head)
    parts = (passage for passage in document.passages[:80] if passage.kind != "note" and passage.end - passage.start <= _SHORT)
    return titled and any(_RETURN_PART.search(surface(document.words(passage))) for passage in parts)


def _state_voice(document: Document, names: Names) -> str | None:
    """The state that speaks in a document: by its letterhead, covering note, form or title. A note that cites it is none."""
    front = [
        passage
        for passage in document.passages[:60]
        if passage.kind in {"letterhead", "metadata", "title", "paragraph", "heading"} and passage.start < _HEAD
    ]
    lines = surface("\n".join(document.words(passage) for passage in front if passage.kind != "paragraph"))
    joined = (
        lines + "\n" + surface("\n".join(document.words(passage)[:400] for passage in front[:20] if passage.kind == "paragraph"))
    )
    spoken = [
        match
        for passage in front
        if passage.kind in {"title", "heading"} and (match := _SPOKEN.match(surface(document.words(passage))))
    ]
    for match in [*_TRANSMITTED.finditer(joined.replace("\nOF ", " OF ").replace("\nTO ", " TO ")), *spoken]:
        name = next(part for part in match.groups() if part)
        found = names.state(name) or next(
            (state for _, _, state in states_in(name.title() if name.isupper() else name, names.states)), None
        )
        if found:
            return found
    return None


def _is_third(document: Document, head: str, file: str) -> bool:
    """Whether a publisher of reports about states stands behind the document."""
    publisher = _publisher(document, head, file)
    return publisher is not None and publisher in {entry["name"] for entry in words("publishers")["publishers"]}


def _front(document: Document) -> list[Passage]:
    """The short lines a document opens with: titles, letterhead, headings; no paragraphs."""
    return [
        passage
        for passage in document.passages[:30]
        if passage.end - passage.start <= _SHORT and passage.kind not in {"paragraph", "list_item", "note", "table_row"}
    ]


def _publisher(document: Document, head: str, file: str) -> str | None:
    """The publisher a person stated, else by its own words in the metadata or the file's name, else by signs in title and
    first lines."""
    if stated := document.metadata.get("publisher_stated"):
        listed = words("publishers")["publishers"]
        return next(
            (str(entry["name"]) for entry in listed if any(bare(sign) in bare(stated) for sign in entry["signs"])), stated
        )
    told = document.metadata.get("publisher")
    named = f"{bare(told or '')} | {bare(file)}"
    short = " | ".join(document.words(passage) for passage in _front(document))
    seen = f"{named} | {bare(' | '.join(document.metadata.values()))} | {bare(short)}"
    for place in map(_as_one_monitor, (named, seen, f"{seen} | {bare(head[:1200])}")):
        for publisher in words("publishers")["publishers"]:
            told_here = any(bare(sign) in place for sign in publisher["signs"])
            if told_here and (len(place) <= len(seen) or publisher.get("in_text")):
                return str(publisher["name"])
    if told:
        return told
    signs = (_author, _maker, _institution, _itself, _site, _wire)
    return next((name for sign in signs if (name := sign(document)) is not None), None)


def _as_one_monitor(place: str) -> str:
    """The Monitor by its joint name is one publisher, as by its first."""
    return re.sub(r"landmine (?:and |& |amp )?cluster munition monitor", "landmine monitor", place)


def _itself(document: Document) -> str | None:
    """The Monitor where a page speaks of itself by that name."""
    return (
        "Landmine Monitor"
        if re.search(r"\b[Tt]he Monitor\s(?:has|identified|recorded|is|was|did)\b", document.text[:40_000])
        else None
    )


_DATELINE = re.compile(r"^[A-Z][A-Z' -]{2,30}(?:,\s[^()]{2,60})?\s\((?P<name>[A-Z][\w. -]{1,40})\)\s?(?:-|–|—)+\s")


def _wire(document: Document) -> str | None:
    """The news agency of a dateline: `KEB, Varenia, May 3 (Northern Press) - …`."""
    for passage in document.passages[:8]:
        match = _DATELINE.match(surface(document.words(passage)))
        if match:
            return match["name"]
    return None


def _dateline(document: Document) -> str | None:
    """The date of a dateline, with its year."""
    for passage in document.passages[:8]:
        line = surface(document.words(passage))
        match = _DATELINE.match(line)
        found = dates(line[: match.end()]) if match else []
        if found and found[0].to.day:
            return found[0].value
    return None


def _site(document: Document) -> str | None:
    """The site or paper a page's title ends with, after the title the page itself prints."""
    title, page = document.metadata.get("title", ""), document.metadata.get("page_title", "")
    if not title or not page.startswith(title):
        return None
    tail = re.fullmatch(r"\s*[-|:–—]\s*(?P<name>[A-Z][\w'. &-]{2,60})", page[len(title) :])
    return tail["name"].strip() if tail else None


# A title names who speaks: `Report of the Secretary-General`, `Commentary of the Press Service of the Ministry of …`.
_AUTHOR = re.compile(
    r"\b(?:[Rr]eport|[Nn]ote|[Cc]omment(?:ary)?|[Ss]tatement|[Pp]ress [Rr]elease|[Ii]nformation"
    r"|[Mm]essage|[Aa]nnouncement|[Cc]ommuniqu[eé])"
    r"\s(?:of|by|from)\s(?:the\s)?(?:[Pp]ress\s[Ss]ervice\s?(?:[Dd]epartment\s)?of\s(?:the\s)?)?"
    r"(?P<who>(?:Ministry|Secretary-General|Secretariat|Agency|Directorate|Director|Cent(?:er|re)"
    r"|Office|General Staff|State Commission)\b"
    r"(?:\s(?:(?:of|for|the|and|on)\s)*[A-Z][\w-]+){0,9})"
)


def _author(document: Document) -> str | None:
    """The office or institution a title says the document comes from."""
    for passage in _front(document):
        match = _AUTHOR.search(surface(document.words(passage)).replace("\n", " "))
        if match:
            return match["who"]
    return None


_MAKER = re.compile(
    r"\b(?:prepared|written|published|produced|issued|compiled|conducted|carried out)\b[^.]{0,90}?\sby\s(?:the\s)?"
    r"(?P<who>[A-Z][\w'&-]*(?:\s(?:(?:of|for|and|the|&)\s)*[A-Z][\w'&-]*){0,6})",
    re.IGNORECASE,
)


def _maker(document: Document) -> str | None:
    """Who a line at the head says prepared the document (`Prepared for the ministry by …`)."""
    for passage in document.passages[:6]:
        line = surface(document.words(passage)).replace("\n", " ")
        match = _MAKER.match(line) if len(line) <= _SHORT else None
        if match and match["who"][:1].isupper():
            return re.split(r",|\s(?:in|on)\s", match["who"])[0].strip()
    return None


_INSTITUTION = re.compile(
    r"^(?:[A-ZÀ-Þ][\w'-]*\s|(?:of|for|and|the|on|to)\s)*(?:Agency|Cent(?:er|re)|Authority|Commission|Office|Trust|Ministry|Committee|Directorate"
    r"|Campaign|Foundation|Department|Institute)\b(?:\s(?:of|for)\s[\w' -]{3,60}?)?(?:\s\((?P<short>[A-Z]{3,8})\))?$",
    re.IGNORECASE,
)


def _institution(document: Document) -> str | None:
    """An institution that heads the document: the first title or letterhead line that is the name of one."""
    for passage in document.passages[:6]:
        line = surface(document.words(passage)).strip(" *")
        match = _INSTITUTION.match(line) if len(line) <= 100 else None
        if passage.kind in {"title", "letterhead", "heading", "navigation"} and match:
            if match["short"]:
                return str(match["short"])
            return (
                " ".join(word if word.isupper() and len(word) < 4 else word.capitalize() for word in line.split())
                if line.isupper()
                else line
            )
    return None


_FORMAL = re.compile(
    r"^(?:the\s)?(?:(?:federal|islamic|people's|democratic)\s)*(?:republic|kingdom|state|federation)\sof\s(?:the\s)?",
    re.IGNORECASE,
)


def _country(document: Document, head: str, file: str, names: Names) -> str | None:
    told = document.metadata.get("country")
    if told:
        return names.state(told) or told
    for line in head.split("\n")[:12]:
        plain = _FORMAL.sub("", line.strip())
        if (found := names.state(plain.title())) is not None:
            return found
    named = states_in(re.sub(r"[-_.]", " ", file).title(), names.states)
    if named:
        return named[0][2]
    counts: dict[str, int] = {}
    for _, _, state in states_in(surface(document.text[:20_000]), names.states):
        counts[state] = counts.get(state, 0) + 1
    return max(counts, key=lambda state: counts[state]) if counts else None


def _as_of(document: Document, head: str, file: str, covered: str | None) -> str | None:
    told = document.metadata.get("document_date")
    if told and (found := dates(surface(told))):
        return found[-1].value
    for line in head.split("\n"):
        if re.match(r"\s*(?:last (?:updated|modified)|updated|published|date|issued)\b", line, re.IGNORECASE):
            found = dates(line)
            if found:
                return found[-1].value
    front = [passage for passage in document.passages[:30] if passage.kind in {"metadata", "title", "heading", "letterhead"}]
    for passage in front:
        line = surface(document.words(passage)).replace("\n", " ")
        found = [] if re.search(r"\b(?:deadline|target|until|since|by|extension)\b", line, re.IGNORECASE) else dates(line)
        if found and found[0].to.day:
            return found[0].value
    if (told := _dateline(document)) is not None:
        return told
    if covered is not None:
        return covered.rpartition("/")[2] or covered.rstrip("/")
    for place in (*(document.metadata.get(name, "") for name in ("title", "page_title")), file, head[:600]):
        year = _YEAR.search(place)
        if year:
            return year.group()
    return None
