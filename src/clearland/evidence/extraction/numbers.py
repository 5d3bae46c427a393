"""Numbers as documents write them: digits with separators, words, scales (`5 million`, `twenty-four`, `a dozen`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SMALL = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "dozen": 12,
}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "million": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
    "mln": Decimal(1_000_000),
}
_UNIT_WORD = "(?:" + "|".join(sorted((*_SMALL, *_TENS), key=len, reverse=True)) + ")"
_WORDS = (
    rf"(?:(?:half\s)?an?\s(?:dozen|hundred|thousand|million|billion)|{_UNIT_WORD})\b"
    rf"(?:(?:\s?-\s?|\s(?:and\s)?)(?:{_UNIT_WORD}|hundred|thousand|million|billion)\b)*"
)
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?![\d])"
    r"|\d{1,3}(?:\.\d{3}){2,}(?![\d])|\d+[.,]\d+(?![\d])|\d+"
)
_SCALE = r"(?:[ -]?(?:million|billion|thousand|mln|bn)\b)"
_NUMBER = re.compile(rf"(?<![\w.,/-])(?P<digits>{_DIGITS})(?P<scale>{_SCALE})?|\b(?P<words>{_WORDS})", re.IGNORECASE)
_AFTER_SIGN = re.compile(rf"(?P<digits>{_DIGITS})(?P<scale>{_SCALE}|m\b|k\b)?", re.IGNORECASE)
_SIGN_SCALES = {"m": Decimal(1_000_000), "k": Decimal(1_000), **_SCALES}


@dataclass(frozen=True)
class Number:
    """A number at [start, end) of a text. `spelled` when written in words."""

    start: int
    end: int
    value: Decimal
    spelled: bool = False

    @property
    def plain(self) -> int | float:
        """The value for JSON: an int where it is whole."""
        return int(self.value) if self.value == self.value.to_integral_value() else float(self.value)


def from_digits(digits: str) -> Decimal:
    """`48,000`, `12 500`, `1.204.500`, `2.75`, `5 311,4` as decimals: a comma before exactly three digits separates thousands."""
    plain = digits.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", plain):
        return Decimal(plain.replace(".", ""))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    return Decimal(plain.replace(",", "."))


def from_words(phrase: str) -> Decimal | None:
    """`twenty-four`, `two hundred and fifty thousand`, `half a million`; None when the words make no number."""
    parts = re.findall(r"[a-z]+", phrase.lower())
    half = parts[:1] == ["half"]
    total, current = Decimal(0), Decimal(0)
    for part in parts[1:] if half else parts:
        if part in {"a", "an"}:
            current = Decimal(1)
        elif part == "dozen":
            current = (current or Decimal(1)) * 12
        elif part in _SMALL:
            if current % 10 or current in {Decimal(10)}:
                return None
            current += _SMALL[part]
        elif part in _TENS:
            current += _TENS[part]
        elif part == "hundred":
            current = (current or Decimal(1)) * 100
        elif part in _SCALES:
            total, current = total + (current or Decimal(1)) * _SCALES[part], Decimal(0)
        elif part != "and":
            return None
    value = total + current
    return value / 2 if half else value


def numbers(text: str) -> Iterator[Number]:
    """Every number of a (folded) text in order. Ordinals, and digits inside words such as `PMN-2`, are none."""
    for match in _NUMBER.finditer(text):
        found = _read(match, text)
        if found is not None:
            yield found


def number_after_sign(text: str, at: int) -> Number | None:
    """The number that begins at `at`, after a currency sign; there `m` and `k` are scales too."""
    match = _AFTER_SIGN.match(text, at)
    if not match:
        return None
    scale = (match["scale"] or "").strip(" -").lower()
    return Number(match.start(), match.end(), from_digits(match["digits"]) * _SIGN_SCALES.get(scale, Decimal(1)))


def _read(match: re.Match[str], text: str) -> Number | None:
    if match["words"]:
        phrase = match["words"]
        value = from_words(phrase)
        if value is None:
            phrase = phrase.split()[0]
            value = from_words(phrase)
        return None if value is None else Number(match.start(), match.start() + len(phrase), value, spelled=True)
    if re.match(r"(?:st|nd|rd|th)\b|[-/]\d|:\d", text[match.end() : match.end() + 3], re.IGNORECASE) and not match["scale"]:
        return None
    scale = (match["scale"] or "").strip(" -").lower()
    return Number(match.start(), match.end(), from_digits(match["digits"]) * _SCALES.get(scale, Decimal(1)))
