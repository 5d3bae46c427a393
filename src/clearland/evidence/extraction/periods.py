"""When a claim holds: the date of its own clause, else of its sentence, else of the note it rests on, else not stated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from clearland.core.partial_dates import PartialDate
from clearland.evidence.extraction.dates import When, dates

_OWN_TIME = re.compile(
    r"\b(?:during|throughout|since the|after the|before the|following the|for (?:almost|nearly|over|more than)"
    r"|for \w+ (?:years|decades)|in the past|in recent|to date|"
    r"past use|on several occasions|had (?:earlier|previously|initially)|previously|formerly|originally"
    r"|over the (?:last|past)|more than \w+ years|decades)\b",
    re.IGNORECASE,
)
_LAST_YEARS = re.compile(
    r"\b(?:in|over|during|within) the (?:last|past) (?P<n>\d{1,3}|ten|twenty|thirty|five|two|three|six|nine|twelve)"
    r" (?P<what>years|months)\b",
    re.IGNORECASE,
)
_COUNT = {"two": 2, "three": 3, "five": 5, "six": 6, "nine": 9, "twelve": 12, "ten": 10, "twenty": 20, "thirty": 30}
_HOLDS = re.compile(
    r"\b(?:(?P<now>retains?|keeps?|holds?|employs?|possess(?:es)?|contains?|comprises?|operates?|needs?|requires?"
    r"|maintains?|includes?|is|are|remains?|stands?|constitutes?|accounts?|covers?|deploys?|amounts(?=\sto)|totals(?=\s)"
    r"|(?:has|have)(?=\s(?:still\s|also\s|only\s)?(?:an?\s|the\s|some\s|about\s|around\s|over\s|more\s|at least\s"
    r"|approximately\s|nearly\s|almost\s|up\s|\d|$)))"
    r"|(?P<then>was|were|had|took|fell|did|[a-z]{3,}ed|found|spent|laid|held|met|began|rose))\b",
    re.IGNORECASE,
)
_RECENT_YEARS = 3
_DONE = (
    r"(?:been|[a-z]+ed|spent|made|laid|held|found|lost|given|taken|set|put|built|sent"
    r"|kept|paid|begun|become|done|shown|brought)"
)
_PERFECT = re.compile(rf"\b(?:has|have)\s(?:(?:also|already|repeatedly|so far|always|to date|since|now)\s)*{_DONE}\b[^,;]*$")
_PERFECT_AFTER = re.compile(rf"[^,;.]{{0,40}}?\s(?:has|have)\s(?:(?:also|already|so far|since|now)\s)*{_DONE}\b")
_YEAR_BEFORE = re.compile(
    r"(?:(?!\b(?:compared|than|from|over|on|against)\b)(?:[^.;,]|(?<=\d)[.,](?=\d))){0,40}"
    r"\b(?:(?:a|the|one) year (?:earlier|before)|(?:in )?the previous year)\b",
    re.IGNORECASE,
)
# `In the year before it had cleared …`, `A year earlier, …`, `The previous year, …`
_YEAR_BEFORE_IT = re.compile(
    r"(?:^|[;,.]\s|\band\s)(?:in\s)?(?:(?:a|the|one) year (?:earlier|before)|the (?:previous|preceding) year)\b[^;]{0,80}$",
    re.IGNORECASE,
)
_SPOKEN_YEAR = re.compile(
    r"\b(?:(?P<last>last year\b)|this year\b|so far this year\b|since the (?:beginning|start) of the year\b)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\((?P<year>(?:19|20)\d\d):\s[^()]*$")
_CLAUSE = re.compile(
    r"[;]|(?<!\(\d{4}):|,\s(?:but|and|while|although|which|most recently|reigniting)\b|\s(?:but|while|although)\s"
    # What a figure is compared with has a date of its own.
    r"|,?\s(?:compared (?:with|to)|as (?:opposed|against) to|against|(?:up|down) from)\s"
    r"|\s(?=than\s(?:in\b|a year|the year))"
    r"|\s(?=(?:increase|decrease|drop|rise|fall|reduction|decline)\s(?:on|over|from|compared)\b)"
    r"|(?<=percent)\sfrom\s(?=the\s)|(?<=%)\sfrom\s(?=the\s)"
)
COMPARED = re.compile(r"\b(?:compared (?:with|to)|than in|against|from)\s$", re.IGNORECASE)
_DURING_IT = re.compile(
    r"\b(?:during|in|over|within|throughout|in the course of)\s(?:the|this|that)\s(?:same\s|whole\s)?"
    r"(?:year|reporting (?:period|month|year|quarter)|period(?: under review| covered)?|month|quarter)\b(?!\s(?:of\s)?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clock:
    """The dates of a sentence and what is said about time around it."""

    text: str
    whens: Sequence[When]
    as_of: str | None
    carried: When | None = None
    covered: str | None = None
    said: int | None = None  # the year last spoken of, also in paragraphs before

    def period(self, start: int, end: int, time: str) -> str | None:
        """The period of what stands at [start, end): ISO 8601, `as-of …`, or None for *not stated*."""
        if time == "document":
            return self.now
        inside = [when for when in self.whens if start <= when.start and when.end <= end]
        if inside and time != "report":
            return inside[0].period
        if time == "report" and self.whens:
            return self.whens[0].period
        spoken = self._spoken(start, end) or (self._last_years() if time not in {"state", "level"} else None)
        if spoken:
            return spoken
        return self._of_dates(start, end, time) or self._of_rest(start, end, time)

    def _of_dates(self, start: int, end: int, time: str) -> str | None:
        """The period by dates of the clause, and by *during the year* and its like."""
        near = self._near(start, end)
        before = next((when for when in (near, *self.whens, self.carried) if when is not None), None)
        if before is not None and _YEAR_BEFORE.match(self.text[end:]):
            return str(before.to.year - 1)
        if before is not None and _YEAR_BEFORE_IT.search(self._lead(start)):
            return str(before.to.year - 1)
        if near is not None:
            return near.period
        during = _DURING_IT.search(self._clause(start, end))
        if during and (told := self._of_period(during.group())) is not None:
            return told
        if time == "level" and self.carried is not None and self.carried.relation == "until":
            return self.carried.period
        return None

    def _of_rest(self, start: int, end: int, time: str) -> str | None:
        """The period by the rest of the sentence, by sentences before, by what the document covers; its own day for a state."""
        if time in {"state", "level"}:
            return self.now
        earlier = [when for when in self.whens if when.end <= start and when.relation == "on"]
        if len(earlier) == 1 and not _OWN_TIME.search(self.text[earlier[0].end : end]):
            return earlier[0].period
        if len(self.whens) == 1 and self._closes(self.whens[0], end):
            return self.whens[0].period
        if _OWN_TIME.search(self._clause(start, end)):
            return self.covered
        if self.carried is not None and not self._is_perfect(start, end) and not self._is_long_past(self.carried):
            return self.carried.period
        return self.covered or (self.now if time == "report" and self.as_of else None)

    def _is_long_past(self, when: When) -> bool:
        """A date years before the document's own tells of an earlier time, and what follows it need not be of that time."""
        return self.as_of is not None and when.to.year < int(self.as_of[:4]) - _RECENT_YEARS

    def _is_perfect(self, start: int, end: int) -> bool:
        """What *has been done* happened at some time up to now, not on the date of the sentence before."""
        clause_start, clause_end = self._bounds(start, end)
        return bool(_PERFECT.search(self.text[clause_start:end])) or bool(_PERFECT_AFTER.match(self.text[end:clause_end]))

    def _of_period(self, words: str) -> str | None:
        """What *the reporting period* is: what the document covers; *the year*: the one just spoken of, else that period."""
        if "report" in words.lower() and self.covered is not None:
            return self.covered
        spoken = self.carried or next(iter(self.whens), None)
        if spoken is not None and spoken.relation == "on":
            return spoken.period
        return self.covered or (str(self.said) if self.said else None)

    def _closes(self, when: When, end: int) -> bool:
        """A year that ends a sentence of two clauses joined by *and* dates both."""
        joined = re.search(r",\sand\s", self.text[end : when.start]) if when.start > end else None
        return bool(joined) and when.relation == "on" and re.fullmatch(r"[\s.\"')]*", self.text[when.end :]) is not None

    def tells_own_time(self, start: int, end: int) -> bool:
        """Whether the words from `start` on place what they tell in a time of their own that is no date."""
        return bool(_OWN_TIME.search(self.text[start : max(end, start + 1)]))

    @property
    def now(self) -> str | None:
        """What the document says holds on its own date."""
        return f"as-of {self.as_of}" if self.as_of else None

    def near(self, start: int, end: int) -> When | None:
        """The date expression that belongs to [start, end): inside, straight after, in its clause, or opening the sentence."""
        inside = [when for when in self.whens if start <= when.start and when.end <= end]
        return inside[0] if inside else self._near(start, end)

    def _near(self, start: int, end: int) -> When | None:
        low, high = self._bounds(start, end)
        clause = [when for when in self.whens if low <= when.start < high and not self._bracketed(when)]
        shut = self._bracket(start, end)
        if shut is not None:
            inside = [when for when in clause if shut[0] <= when.start < shut[1]]
            clause = inside or [when for when in clause if when.start < shut[0]] or clause
        clause = [when for when in clause if not self._compared(when, start) and not self._names_deadline(when)]
        after = [when for when in clause if when.start >= end]
        before = [when for when in clause if when.end <= start]
        if after and (after[0].start - end < 60 or not before):
            return after[0]
        if before:
            return before[-1]
        opening = [
            when
            for when in self.whens
            if when.start < 24
            and re.match(
                r"^(?:Most recently, |However, |Moreover, |Also )?(?:In|On|Since|By|During|Between|From|As of"
                r"|At the end of|Until|Before|Following)?[^,]{0,24}$",
                self.text[: when.start],
            )
        ]
        if opening and not _OWN_TIME.search(self.text[low:high].removeprefix(self.text[: opening[0].end])):
            return opening[0]
        return None

    def _compared(self, when: When, start: int) -> bool:
        """A date that opens only what the rest is compared with: `Compared with 2007, the number fell by half`."""
        gap = self.text[when.end : start] if when.end <= start else ""
        return bool(COMPARED.search(self.text[: when.start])) and bool(re.search(r",\s(?!when\b)", gap))

    def _names_deadline(self, when: When) -> bool:
        """`its September 2020 deadline`: the date belongs to the deadline and to nothing else of the sentence."""
        return re.match(r"\s(?:[Aa]rticle\s\d\s)?(?:clearance\s)?deadline\b", self.text[when.end :]) is not None

    def _bracket(self, start: int, end: int) -> tuple[int, int] | None:
        """The brackets a span stands in: dates after them are not its own."""
        opened, closed = self.text.rfind("(", 0, start + 1), self.text.find(")", end - 1)
        if opened < 0 or closed < 0 or ")" in self.text[opened : start + 1] or "(" in self.text[end:closed]:
            return None
        return opened, closed

    def _bracketed(self, when: When) -> bool:
        """A year that dates only what its brackets hold: `(2003: 1,742 mines)`."""
        return self.text[when.start - 1 : when.start] == "(" and self.text[when.end : when.end + 1] == ":"

    @cached_property
    def _cuts(self) -> list[int]:
        """Where a clause ends and the next begins."""
        return [match.start() for match in _CLAUSE.finditer(self.text)]

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        return max((cut for cut in self._cuts if cut <= start), default=0), min(
            (cut for cut in self._cuts if cut >= end), default=len(self.text)
        )

    def _lead(self, start: int) -> str:
        """The words of the clause before a span, as far as no date of their own stands among them."""
        low, _ = self._bounds(start, start)
        return self.text[max([low, *(when.end for when in self.whens if when.end <= start)]) : start]

    def _clause(self, start: int, end: int) -> str:
        low, high = self._bounds(start, end)
        return self.text[low:high]

    def _spoken(self, start: int, end: int) -> str | None:
        """The year in brackets before a figure (`(2003: 12 mines)`); `last year`, `this year`, from the document's date."""
        told = _IN_BRACKETS.search(self.text[max(0, start - 200) : start])
        if told is not None:
            return told["year"]
        match = _SPOKEN_YEAR.search(self._clause(start, end)) if self.as_of else None
        if match is None or self.as_of is None:
            return None
        year = int(self.as_of[:4])
        return str(year - 1) if match["last"] else str(year)

    def _last_years(self) -> str | None:
        match = _LAST_YEARS.search(self.text)
        if not match:
            return None
        until = next((when.to for when in self.whens if when.relation == "until"), None)
        last = until or (PartialDate.parse(self.as_of) if self.as_of else None)
        if last is None:
            return None
        count = int(match["n"]) if match["n"].isdigit() else _COUNT[match["n"].lower()]
        if match["what"].lower() == "months":
            before = last.year * 12 + (last.month or 12) - 1 - count
            return f"{PartialDate(before // 12, before % 12 + 1)}/{PartialDate(last.year, last.month)}"
        return f"{PartialDate(last.year - count, last.month)}/{PartialDate(last.year, last.month)}"


def is_present(text: str, start: int, end: int) -> bool:
    """Whether the verb that governs a span is in the present tense: the one right after it, else the last before it."""
    after = re.match(
        r"\s(?:[\w,.'-]+\s){0,8}?(?P<verb>is|are|must|cannot|needs?|remains?|constitutes?|accounts?|was|were|had"
        r"|took)\b(?P<part>\s(?:\w+ed|killed|injured|found))?",
        text[end:],
    )
    if after:
        return after["verb"].lower() not in {"was", "were", "had", "took"}
    before = list(_HOLDS.finditer(text[:start]))
    return bool(before) and before[-1]["now"] is not None


def note_period(body: str) -> str | None:
    """The date of the source a note names first: its reporting period or its own date. An example's date is none."""
    if re.match(r"\s*(?:See,?\s)?(?:for example|e\.g\.)", body, re.IGNORECASE) or re.match(r"\s*Ibid", body, re.IGNORECASE):
        return None
    first = body.split(";", maxsplit=1)[0]
    found = dates(first)
    covered = next((when for when in found if when.from_ != when.to), None)
    if covered is not None:
        return covered.period
    return found[-1].value if found else None
