"""The text rules look at: the source's own characters, each folded to one character, so that offsets never move.

Look-alike letters of other scripts, typographic quotes, dashes and no-break spaces become their plain forms inside words
that are otherwise Latin. Nothing is added or removed: `len(surface(text)) == len(text)`, and claims quote the source.
"""

import re
import unicodedata

_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеіјорсухѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTXYaeijopcyxsdqwABEZHIKMNOPTYX",
)
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\t": " ",
        "…": ".",
    }
)
_MIXED = re.compile(r"[^\W\d_]*(?:[A-Za-z][Ѐ-ӿͰ-Ͽ]|[Ѐ-ӿͰ-Ͽ][A-Za-z])[^\W\d_]*")
_ALL_LOOKALIKE = re.compile(r"\b[АВЕЅІЈКМНОРСТХУ]{2,8}\b")


def surface(text: str) -> str:
    """The text with look-alikes, quotes, dashes and spaces made plain, character for character; newlines stay."""
    plain = text.translate(_PLAIN)
    if plain.isascii():
        return plain
    plain = _MIXED.sub(lambda match: match.group().translate(_LOOKALIKES), plain)
    if sum(letter.isascii() for letter in plain if letter.isalpha()) * 2 > sum(letter.isalpha() for letter in plain):
        plain = _ALL_LOOKALIKE.sub(lambda match: match.group().translate(_LOOKALIKES), plain)
    return plain


def bare(name: str) -> str:
    """A name for comparison: folded case, no accents, no punctuation, one space between words."""
    decomposed = unicodedata.normalize("NFKD", surface(name).casefold())
    letters = "".join(" " if not letter.isalnum() else letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.split())
