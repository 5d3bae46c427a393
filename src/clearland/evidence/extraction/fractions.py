"""Shares told in words: `two-thirds of the suspected area`, `almost a quarter of which`, `fell by one half`, `one in five`.

A fraction is a share of something said beside it; `half a million`, `the first half of 2012` and `a third request` are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_EVERY = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twenty": 20}
_FRACTION = re.compile(
    r"(?<![\w-])(?:(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[\s-])?"
    r"(?P<part>half|halves|(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)s?)(?![\w-])"
    r"|(?<![\w-])(?:one|1)\sin\s(?:every\s)?(?P<every>two|three|four|five|six|eight|ten|twenty|\d{1,3})(?=\s[a-z])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:first|second|third|fourth|last|latter|former|other|next|each)\s$", re.IGNORECASE)
_OF = re.compile(
    r"\s(?:of|the)\s(?!(?:the\s|this\s|that\s|last\s)?(?:\d{4}\b|year|month|century|decade|day|million|billion|an?\s))"
    r"(?P<what>(?:which|whom|it|this|them)\b|[^.,;:()]{3,60})|\sall\s(?P<all>[^.,;:()]{3,60})",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:by|to|fell|rose|dropped|declined|grew)\s(?:\w+\s){0,2}?$|\b(?:pay|bear|cover|contribute|provide|finance|fund)s?\s(?:\w+\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fraction:
    """A share at [start, end) in percent, rounded to one decimal; `base` what it is a share of, where that is said."""

    start: int
    end: int
    percent: int | float
    base: str | None = None


def fractions(text: str) -> Iterator[Fraction]:
    """Every share in words of a (folded) sentence, in order."""
    for match in _FRACTION.finditer(text):
        share = _share(match)
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 90]
        if share is None or _NUMBERED.search(before):
            continue
        of = _OF.match(after)
        if of is None and match["every"] is None and not _stands_alone(before, after):
            continue
        base = (of["what"] or of["all"]).strip() if of else None
        percent = round(share * 100, 1)
        whole = int(percent) if percent == int(percent) else percent
        yield Fraction(match.start(), match.end() + (_words_to(of) if of else 0), whole, base)


def _stands_alone(before: str, after: str) -> bool:
    """Whether a fraction is a change (`fell by half`, `a quarter less`) or a part of what was just said."""
    return bool(re.match(r"\s(?:less|more|fewer|higher|lower|were|are|had|have)\b", after)) or bool(
        _CHANGED.search(before) and re.match(r"[\s.,;)]|$", after)
    )


def _share(match: re.Match[str]) -> float | None:
    if match["every"]:
        every = _EVERY.get(match["every"].lower()) or int(match["every"])
        return 1 / every if every > 1 else None
    part = match["part"].lower()
    many = part.endswith("s") or part == "halves"
    count = _COUNT.get((match["count"] or "").lower())
    if count is None:
        if part != "half":
            return None
        count = 1
    if many != (count > 1):
        return None
    return count / _PARTS["half" if part == "halves" else part.removesuffix("s")]


def _words_to(of: re.Match[str]) -> int:
    """The first five words of what the share is of belong to its span."""
    words = re.match(r"(?:\s\S+){1,5}", of.group())
    return words.end() if words else 0
