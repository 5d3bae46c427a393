"""Dates and stretches of time as documents write them, with the precision they were given in.

Day, month or year; day-first and United States order; ranges in one expression (`May 2001-April 2003`); a month or a
day and month alone, whose year is the last one said before (marked `year_from_context`).
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clearland.core.partial_dates import PartialDate
from clearland.evidence.months import FULL, SHORT, month_number

# Names in small or capital letters only: `may` and `march` are verbs.
_MONTH = f"(?:{'|'.join((*FULL, *(name.upper() for name in FULL)))}|(?:{'|'.join(SHORT)})\\b\\.?)"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_PART = (
    r"(?:(?:early|mid|late|the end of|end of|the beginning of|the start of"
    r"|the (?:first|second|third|fourth|last) (?:half|quarter|(?:\w+ )?months) of)[\s-])?"
)
_FORMS = (
    (
        "dmy-dmy",
        rf"(?P<d1>{_DAY})\s(?P<m1>{_MONTH})(?:\s(?P<y1>{_YEAR}))?\s?-\s?(?P<d2>{_DAY})\s(?P<m2>{_MONTH}),?\s(?P<y2>{_YEAR})",
    ),
    ("dd-my", rf"(?P<d1>{_DAY})\s?(?:-|and|to)\s?(?P<d2>{_DAY})\s(?P<m2>{_MONTH}),?\s(?P<y2>{_YEAR})"),
    (
        "my-my",
        rf"(?P<m1>{_MONTH})(?:\s(?:of\s)?(?P<y1>{_YEAR}))?(?:\s?-\s?|\s(?:to|and|through)\s)(?P<m2>{_MONTH})\s(?:of\s)?(?P<y2>{_YEAR})",
    ),
    ("dmy", rf"(?P<d2>{_DAY})(?:\sof)?\s(?P<m2>{_MONTH}),?\s(?P<y2>{_YEAR})"),
    ("mdy", rf"(?P<m2>{_MONTH})\s(?P<d2>{_DAY}),?\s(?P<y2>{_YEAR})"),
    ("iso", rf"(?P<iso>{_YEAR}-[01]\d(?:-[0-3]\d)?)(?!\d)"),
    ("dots", rf"(?P<n1>[0-3]?\d)[./](?P<n2>[0-3]?\d)[./](?P<y2>{_YEAR})"),
    ("my", rf"{_PART}(?P<m2>{_MONTH}),?\s(?:of\s)?(?P<y2>{_YEAR})"),
    ("y-y", rf"(?P<y1>{_YEAR})(?:\s?-\s?|/)(?P<y2>{_YEAR}|\d\d)(?!\d)"),
    ("dm", rf"(?P<d2>{_DAY})\s(?P<m2>{_MONTH})(?!\w)"),
    ("md", rf"(?P<m2>{_MONTH})\s(?P<d2>{_DAY})(?![\w,.]*\d)"),
    ("y", rf"{_PART}(?P<y2>{_YEAR})(?![\d,]\d|\w)"),
    ("relative", r"\b(?i:(?P<last>(?:last|the past) year)|(?P<this>this year|the current year))\b"),
    ("m", rf"(?<=\bin )(?P<m2>{_MONTH})(?!\w)|(?<=\bsince )(?P<m3>{_MONTH})(?!\w)|(?<=\bby )(?P<m4>{_MONTH})(?!\w)"),
)
_MATCHERS = tuple((name, re.compile(rf"(?<![\w/]){pattern}" if name != "m" else pattern)) for name, pattern in _FORMS)
_SINCE = re.compile(
    r"\b(?:since|from|starting(?: in)?|beginning(?: in)?|after)(?:\sthe\s(?:end|beginning|start)\sof)?\s(?:early|mid"
    r"|late)?[\s-]?$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|by(?:\sthe\send\sof)?|before|prior to|up to|as of|as at|through"
    r"|to)\s(?:the\send\sof\s)?(?:early|mid|late)?[\s-]?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from|since)\s(?:early|mid|late)?[\s-]?$", re.IGNORECASE)
_JOIN = re.compile(r"\s?(?:-|to|and|until|through|up to)\s(?:the end of\s|early\s|mid-?\s?|late\s)?", re.IGNORECASE)
_NOT_YEAR = re.compile(
    r"^\s?(?:Convention|Amended|CCW|Ottawa|Mine Ban|Protocol|Geneva|Anti-|km|m2|m²|ha\b|hectares|square|people"
    r"|persons|mines|landmines|items|casualties|victims|civilians|teams|million|AP\b|anti)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class When:
    """A date expression at [start, end). `relation` is on, since or until; `from_` and `to` are equal for one date."""

    start: int
    end: int
    from_: PartialDate
    to: PartialDate
    relation: str = "on"
    year_from_context: bool = False

    @property
    def value(self) -> str:
        """The date, or `from/to`."""
        return str(self.to) if self.from_ == self.to else f"{self.from_}/{self.to}"

    @property
    def period(self) -> str:
        """ISO 8601 with open ends: `2019-04-02/`, `/2019-12-31`, `1991/1995`, `2018-06`."""
        if self.relation == "since":
            return f"{self.value}/" if self.from_ == self.to else self.value
        if self.relation == "since its end":
            return f"{self.to}/"
        if self.relation == "until" and self.from_ == self.to:
            return f"/{self.value}"
        return self.value


def dates(text: str, *, year: int | None = None, now: int | None = None) -> list[When]:
    """Date expressions of a (folded) text in order, none overlapping.

    `year` is the last year said before the text, `now` the year in which the document speaks of *last year* and *this year*.
    """
    found: list[When] = []
    taken: list[tuple[int, int]] = []
    for name, matcher in _MATCHERS:
        for match in matcher.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            when = _read(name, match, text, now)
            if when is not None:
                found.append(when)
                taken.append((match.start(), match.end()))
    found.sort(key=lambda when: when.start)
    return list(_joined(_dated(found, year), text))


def _dated(found: list[When], year: int | None) -> Iterator[When]:
    """Give a month without year the last year said before it, else the next one in the text; without any it is dropped."""
    for index, when in enumerate(found):
        if when.year_from_context:
            given = year or next((later.to.year for later in found[index:] if not later.year_from_context), None)
            if given is None:
                continue
            from_ = to = PartialDate(given, when.to.month, _held(when.to.day, given, when.to.month))
            yield replace(when, from_=from_, to=to)
        else:
            year = when.to.year
            yield when


def _held(day: int | None, year: int, month: int | None) -> int | None:
    return day if day and month and day <= calendar.monthrange(year, month)[1] else None


def _joined(found: Iterator[When], text: str) -> Iterator[When]:
    """`between A and B`, `from A to B` are one expression."""
    held: When | None = None
    for when in found:
        if held is not None:
            gap = text[held.end : when.start]
            opened = _BETWEEN.search(text[max(0, held.start - 24) : held.start])
            if opened and _JOIN.fullmatch(gap) and held.from_.first <= when.to.last:
                held = replace(held, end=when.end, to=when.to, relation="on")
                continue
            yield held
        held = when
    if held is not None:
        yield held


def _read(name: str, match: re.Match[str], text: str, now: int | None) -> When | None:
    part = match.groupdict()
    if name == "relative":
        if now is None:
            return None
        told = PartialDate(now - 1 if part["last"] else now)
        relation = _relation(text[max(0, match.start() - 28) : match.start()], "")
        return When(match.start(), match.end(), told, told, relation)
    try:
        to = _date(name, part)
        from_ = _from(part, to)
    except ValueError:
        return None
    if name == "y" and (_NOT_YEAR.match(text[match.end() :]) or _is_name(text, match.start())):
        return None
    relation = _relation(
        text[max(0, match.start() - 28) : match.start()] + (match.group() if name in {"y", "my"} else ""), match.group()
    )
    return When(match.start(), match.end(), from_, to, relation, year_from_context=name in {"dm", "md", "m"})


def _is_name(text: str, at: int) -> bool:
    """`Resolution 2000`, `No. 2001`, `Report 2000`, `p. 2010`: a number that is part of a name."""
    return bool(
        re.search(
            r"(?:resolution|no\.|number|page|p\.|article|Report|Monitor|-|/|(?:Conventions?|Treaty|Protocol"
            r"|Agreement)(?:\s(?:of|[IVX]+))?(?:\s\()?)\s?$",
            text[max(0, at - 18) : at],
            re.IGNORECASE,
        )
    )


def _relation(before: str, expression: str) -> str:
    lead = before.removesuffix(expression)
    lead += re.sub(r"[\d].*$|[A-Z][a-z]+\s.*$", "", expression) if not expression[:1].isdigit() else ""
    if re.search(r"\b(?:since|after) the end of the $", lead, re.IGNORECASE):
        return "since its end"
    if _SINCE.search(lead):
        return "since"
    return "until" if _UNTIL.search(lead) else "on"


def _month(name: str | None) -> int | None:
    return month_number(name) if name else None


def _day(digits: str | None) -> int | None:
    return int(re.sub(r"\D", "", digits)) if digits else None


def _date(name: str, part: dict[str, str | None]) -> PartialDate:
    """The (last) date of a match. Raises ValueError for days that do not exist."""
    if part.get("iso"):
        return PartialDate.parse(str(part["iso"]))
    month, day = _month(part.get("m2") or part.get("m3") or part.get("m4")), _day(part.get("d2"))
    if name == "dots":
        first, second = int(str(part["n1"])), int(str(part["n2"]))
        day, month = (second, first) if second > 12 else (first, second)
    year = 2000 if part.get("y2") is None else int(_full_year(str(part["y2"]), part.get("y1")))
    return PartialDate.parse(str(PartialDate(year, month, day)))


def _full_year(year: str, first: str | None) -> str:
    return year if len(year) == 4 or first is None else first[:2] + year


def _from(part: dict[str, str | None], to: PartialDate) -> PartialDate:
    if not (part.get("d1") or part.get("m1") or (part.get("y1") and not part.get("m2"))):
        return to
    year = int(part.get("y1") or to.year)
    month = _month(part.get("m1")) or (to.month if part.get("d1") else None)
    from_ = PartialDate.parse(str(PartialDate(year, month, _day(part.get("d1")))))
    if from_.first > to.last:
        raise ValueError("a range that ends before it begins")
    return from_
