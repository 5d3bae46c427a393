"""A question in words and what of it is a figure: which indicators may be meant, for which period and place.

A word such as *cleared* is no figure: it may be ground by method and type, items, or what returns state. It is answered by
all figures that fit, each with its definition, and by none alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clearland.core.errors import ClearlandError
from clearland.dictionary.indicators import Indicator
from clearland.figures.model import Scope

_WORD = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_SINCE = re.compile(r"\b(since|after|с|после|bəri|sonra|etibarən)\b", re.IGNORECASE)
_STEM = 5  # letters that tell words of one stem apart well enough in the three languages
_TITLE, _DEFINITION = 3, 1
_EMPTY = frozenset(
    """the and for with that this from all was were are has have how many much number since until what which per not
    своих всего сколько было были для при что это как neçə nə qədər olan və üçün ilə""".split()
)
MOST_CANDIDATES = 12


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a question was taken to mean: indicators, the likeliest first, and the scope read from it."""

    candidates: tuple[Indicator, ...]
    scope: Scope


def understood(words: str, indicators: Mapping[str, Indicator], places: Mapping[str, str] | None = None) -> Asked:
    """Read a question; `places` maps codes to names. A question that names nothing gives no candidate."""
    stems = {_stem(word) for word in _told(words)}
    titles = {code: _title_stems(each) for code, each in indicators.items()}
    rest = {code: _other_stems(each) - titles[code] for code, each in indicators.items()}
    # A word that stands in many titles (*area*) tells less than one that stands in few (*cleared*).
    in_titles = Counter(stem for found in titles.values() for stem in found & stems)
    in_rest = Counter(stem for found in rest.values() for stem in found & stems)

    def score(code: str) -> float:
        told = sum(_TITLE / in_titles[stem] for stem in titles[code] & stems)
        return told + sum(_DEFINITION / in_rest[stem] for stem in rest[code] & stems)

    scored = [(value, indicator) for code, indicator in indicators.items() if (value := score(code)) > 0]
    best = max((score for score, _ in scored), default=0)
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].code))
    near = [indicator for score, indicator in ranked if score * 2 >= best]
    return Asked(candidates=tuple(near[:MOST_CANDIDATES]), scope=_scope(words, places or {}))


def refuse_word(word: str, indicators: Mapping[str, Indicator]) -> ClearlandError:
    """Why a word is no figure: several figures answer it (E-FIG-AMBIGUOUS), or none does (E-FIG-CODE)."""
    meant = understood(word, indicators).candidates
    if meant and word not in indicators:
        choices = "; ".join(f"{each.code} ({each.title('en')}, {each.unit})" for each in meant)
        return ClearlandError(
            "E-FIG-AMBIGUOUS", f"“{word}” alone is no figure: it does not say what, of which class and by which method.",
            remedy=f"Choose one of: {choices}.",
        )  # fmt: skip
    known = ", ".join(sorted(indicators))
    return ClearlandError("E-FIG-CODE", f"There is no indicator {word}.", remedy=f"Choose one of: {known}.")


def _told(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(text.lower()) if word not in _EMPTY)


def _stem(word: str) -> str:
    return word[:_STEM]


def _title_stems(indicator: Indicator) -> set[str]:
    return {_stem(word) for title in indicator.titles.values() for word in _told(title)}


def _other_stems(indicator: Indicator) -> set[str]:
    covered = " ".join(map(str, indicator.scope.values()))
    return {_stem(word) for word in _told(f"{indicator.definition} {indicator.unit} {covered}")}


def _scope(words: str, places: Mapping[str, str]) -> Scope:
    """The period and the place that a question names; a place by its whole name, the longest that fits."""
    years = [int(match[0]) for match in _YEAR.finditer(words)]
    first = date(min(years), 1, 1) if years else None
    last = date(max(years), 12, 31) if years and not (len(years) == 1 and _SINCE.search(words)) else None
    folded = f" {' '.join(words.lower().split())} "
    named = [(len(name), code) for code, name in places.items() if name and f" {name.lower()} " in folded]
    return Scope(period_from=first, period_to=last, place=max(named)[1] if named else None)
