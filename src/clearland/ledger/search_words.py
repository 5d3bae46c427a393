"""Words as search compares them: one normaliser for both databases, for what is indexed and for what is asked.

Case, accents, the dotted and the dotless i, and letters of two alphabets that look alike do not matter: `Ağdam` is
found by `agdam`, `Cəbrayıl` by `cebrayil`, and a local id typed with Cyrillic letters by the same id in Latin ones.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 60  # PostgreSQL refuses lexemes of 2,048 bytes; nobody searches for a word this long
PREFIX_FROM = 3
# Letters with no decomposition, then Cyrillic letters with the Latin ones they cannot be told from in print.
_ALIKE = str.maketrans("ıəøłđæœþðħаеорсухіјѕкмтнв", "ieoldaotdhaeopcyxijskmthb")
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")


@dataclass(frozen=True)
class Word:
    """A word as compared, and where it stands in the text (code points, end exclusive)."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class Wanted:
    """One condition of a query: words in a row; a single word also stands for longer ones that begin with it."""

    words: tuple[str, ...]
    prefix: bool


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Letters and digits only, without case, accents and look-alikes."""
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold()
    return "".join(letter for letter in plain.translate(_ALIKE) if letter.isalnum())[:LONGEST_WORD]


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for match in _WORD.finditer(text):
        if folded := fold(match.group()):
            yield Word(folded, match.start(), match.end())


def parse(query: str) -> list[Wanted]:
    """What a query asks for, all of it together: words, and phrases between double quotes."""
    wanted: list[Wanted] = []
    for number, part in enumerate(query.split('"')):
        found = tuple(word.folded for word in words_of(part))
        if number % 2 and found:
            wanted.append(Wanted(found, prefix=False))
        elif found:
            wanted += [Wanted((word,), prefix=len(word) >= PREFIX_FROM) for word in found]
    return wanted


def marks(text: str, wanted: list[Wanted]) -> list[tuple[int, int]]:
    """Where words of a text meet a query, as code points, end exclusive."""
    exact = {word for each in wanted if not each.prefix for word in each.words}
    beginnings = tuple(each.words[0] for each in wanted if each.prefix)
    return [
        (word.start, word.end)
        for word in words_of(text)
        if word.folded in exact or (beginnings and word.folded.startswith(beginnings))
    ]
