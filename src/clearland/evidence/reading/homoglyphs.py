"""Look-alike letters folded for matching, with the way back to the characters of the source.

The text itself is never changed: names are sought in the folded text and reported at their offsets in the original.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһӀҮ", "ABESIJKMHOPCTYXaesijopcyxdqwhIY", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνορ", "ABEZHIKMNOPTYXvop", strict=True))
_LOOK_ALIKE = _CYRILLIC | _GREEK
_SIGNS = {
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "‛": "'",
    "ʼ": "'",
    "′": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "⁄": "/",
}
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PLAIN = re.compile(r"[\n\t\x20-\x7e]*")


@dataclass(frozen=True)
class Folded:
    """A folded text. `origins[i]` is the offset in the original of folded character i; one more entry marks the end."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that a span of the folded text stands for."""
        if end <= start:
            return self.origins[start], self.origins[start]
        last = self.origins[end - 1]
        following = bisect_right(self.origins, last)
        return self.origins[start], self.origins[following] if following < len(self.origins) else self.origins[-1]


def fold(text: str) -> Folded:
    """Mixed-script words as Latin, typographic signs as ASCII, compatibility forms plain, invisible signs left out.

    A word all in Cyrillic or Greek stays as it is unless it mixes scripts: Russian text is not a homoglyph.
    """
    if _PLAIN.fullmatch(text):
        return Folded(text, tuple(range(len(text) + 1)))
    disguised = _disguised(text)
    characters: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        plain = _LOOK_ALIKE[char] if offset in disguised else _plain(char)
        characters.append(plain)
        origins += [offset] * len(plain)
    return Folded("".join(characters), (*origins, len(text)))


def _plain(char: str) -> str:
    if char in _DROPPED:
        return ""
    if char < "\x80":
        return char
    sign = _SIGNS.get(char)
    if sign is not None:
        return sign
    if char.isspace():
        return " "
    # Raised figures stay: they are note marks and units (km²), and as plain digits would read as numbers.
    return char if char.isdigit() or char.isnumeric() else unicodedata.normalize("NFKC", char)


def _disguised(text: str) -> frozenset[int]:
    """Offsets of look-alike letters in words that also hold Latin letters."""
    found: set[int] = set()
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        foreign = [index for index, char in enumerate(word) if char in _LOOK_ALIKE]
        if foreign and _mixes(word):
            found.update(match.start() + index for index in foreign)
    return frozenset(found)


def _mixes(word: str) -> bool:
    """Latin letters beside letters of another script, all of which look like Latin ones."""
    latin = sum(1 for char in word if "LATIN" in unicodedata.name(char, ""))
    others = [char for char in word if char.isalpha() and "LATIN" not in unicodedata.name(char, "")]
    return latin > 0 and bool(others) and all(char in _LOOK_ALIKE for char in others)
