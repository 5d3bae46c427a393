"""Words as search and names compare them: one normaliser for whatever is indexed and whatever is asked.

Case, accents, the dotted and the dotless i, Cyrillic and Latin spellings and endings do not matter: `Ağdam`, `Aghdam` and
`Агдам` are one word, `mines` and `mine` one stem, `minaların` and `mina`, `мины` and `минами` as well. Rules: Unicode NFKD
and case folding; transliteration in the BGN/PCGN manner with its digraphs (sh, ch, kh, gh, zh) as the one letter that
other Latin spellings have; Snowball stemmers for English and Russian; endings of Azerbaijani (ours, below).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONGEST_WORD = 60  # PostgreSQL refuses lexemes of 2,048 bytes; nobody searches for a word this long
_LETTERS = str.maketrans({"ı": "i", "ə": "e", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"})
# Cyrillic letters that cannot be told from Latin ones in print: a word of both scripts is a Latin word.
_ALIKE = str.maketrans("аеорсухіјѕкмтнв", "aeopcyxijskmthb")
_ALIKE_ONLY = frozenset("аеорсухіјѕкмтнв")
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ж": "z", "з": "z", "и": "i", "й": "y", "і": "i",
    "ї": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "c", "ш": "s", "щ": "sc", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "є": "ye", "ј": "y", "љ": "l", "њ": "n", "ђ": "d", "ћ": "c", "џ": "dz", "ѕ": "dz", "ә": "e", "ғ": "g", "қ": "k", "ң": "n",
    "ө": "o", "ү": "u", "ұ": "u", "һ": "h", "ҹ": "c", "ҝ": "g",
})  # fmt: skip
_DIGRAPHS = (("x", "h"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g"), ("zh", "z"))
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_AZERBAIJANI = frozenset("əğışçöü")
_SHORTEST_STEM = 4
_PLURAL = re.compile(r"(?:lar|ler)(?:i|im|in|imiz|iniz)?(?:n[iuae]?n?|[dn][ae]n?|a|e|i|in)?$")
_PLACED = re.compile(r"(?:[iu]n|s[iu]n)d[ae]n?$")
_ENDINGS = re.compile(r"(?:s?[iu]nd[ae]n?|d[ae]n?|n?[iu]n|s?[iu]n[iuae]|n[iuae]|y[ae]|s[iu]|[iuae])$")
_english = snowballstemmer.stemmer("english")
_russian = snowballstemmer.stemmer("russian")


@dataclass(frozen=True)
class Word:
    """A word as compared, and where it stands in the text (code points, end exclusive)."""

    folded: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Letters and digits only, in Latin, without case, accents, look-alikes and digraphs."""
    return _latin(_plain(word))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The folded word without its ending. Words with a digit keep everything."""
    plain = _plain(word)
    if any(letter.isdigit() for letter in plain):
        return _latin(plain)
    if plain and not _has_latin(plain) and _has_cyrillic(plain):
        return _latin(_russian.stemWord(plain)) or _latin(plain)
    folded = _latin(plain)
    if not folded.isascii():
        return folded
    if _AZERBAIJANI & set(word.casefold()):
        return _without_endings(folded)
    shorter = str(_english.stemWord(folded))
    return _without_strong_endings(folded) if shorter == folded else shorter[:LONGEST_WORD]


def readings(word: str) -> tuple[str, ...]:
    """The folded forms a word may mean: one of Cyrillic letters that all look like Latin ones may be either."""
    plain = _plain(word)
    alike = fold(plain.translate(_ALIKE)) if plain and set(plain) <= _ALIKE_ONLY | set("0123456789") else ""
    return tuple(dict.fromkeys(form for form in (fold(word), alike) if form))


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for match in _WORD.finditer(text):
        if folded := fold(match.group()):
            yield Word(folded, stem(match.group()), match.start(), match.end())


def folded_name(text: str) -> str:
    """A name of several words as it is compared: folded words with one space between them."""
    return " ".join(word.folded for word in words_of(text))


def _plain(word: str) -> str:
    """Without case and accents, in the script it is written in; letters of two scripts in one word become Latin."""
    decomposed = unicodedata.normalize("NFKD", word.casefold()).casefold()
    letters = "".join(letter for letter in decomposed if letter.isalnum())
    return letters.translate(_ALIKE) if _has_latin(letters) or _names_a_number(letters) else letters


def _names_a_number(letters: str) -> bool:
    """Letters and digits in one word: an identity, in which Cyrillic letters that look like Latin ones are slips."""
    return any(each.isdigit() for each in letters) and all(each.isdigit() or each in _ALIKE_ONLY for each in letters)


def _has_latin(letters: str) -> bool:
    return any(each.isalpha() and (each < "\u0250" or each == "ə") for each in letters)


def _has_cyrillic(letters: str) -> bool:
    return any("\u0400" <= each <= "\u04ff" for each in letters)


def _latin(plain: str) -> str:
    folded = plain.translate(_CYRILLIC).translate(_LETTERS)
    if len(folded) >= _SHORTEST_STEM and not any(letter.isdigit() for letter in folded):
        folded = _one_spelling(folded)
    return folded[:LONGEST_WORD]


def _one_spelling(folded: str) -> str:
    """Digraphs as one letter, until none is left; letters and digits of identities keep theirs."""
    before = ""
    while before != folded:
        before = folded
        for two, one in _DIGRAPHS:
            folded = folded.replace(two, one) if len(folded) >= _SHORTEST_STEM else folded
    return folded


def _without_endings(folded: str) -> str:
    """Plural, possessive and case of an Azerbaijani word taken off one after the other."""
    shorter = _without_strong_endings(folded)
    for _round in range(2):
        cut = _ENDINGS.sub("", shorter)
        if len(cut) < _SHORTEST_STEM:
            break
        shorter = cut
    return shorter


def _without_strong_endings(folded: str) -> str:
    """Endings that no other language of the programme has: they may be taken off whatever the word is."""
    for ending in (_PLURAL, _PLACED):
        cut = ending.sub("", folded)
        if cut != folded and len(cut) >= _SHORTEST_STEM:
            return cut
    return folded
