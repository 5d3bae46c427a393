"""Who and where: states and their adjectives, organisations and places, found in text by their names.

States come from `words/states.yaml`; organisations by the shape of their names (`Ministry of …`, capitals, an acronym in
brackets); further places, organisations and devices can be passed in from a programme's records.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from clearland.evidence.extraction.lexicon import any_of, words
from clearland.evidence.extraction.surface import bare


@cache
def _states() -> Mapping[str, str]:
    """Every written name and adjective of a state, folded -> its name."""
    listed = {}
    for name, others in words("states")["states"].items():
        for form in (name, *(others or ())):
            listed[bare(form)] = name
    return listed


@cache
def state_pattern() -> str:
    """A pattern for any state by name or adjective, with a possessive or plural ending."""
    forms = [form for name, others in words("states")["states"].items() for form in (name, *(others or ()))]
    return rf"(?:{any_of(forms)})"


_POSSESSIVE = re.compile(r"(?:'s|'|s)$")
_MINISTRY = re.compile(
    rf"(?:(?P<front>{state_pattern()})(?:'s|')?\s)?(?P<what>(?:Deputy\s)?(?:Ministry|Ministries|Minister|Department|Office|Agency|Directorate|Academy|General Staff)"
    rf"\s(?:of|for)\s(?:the\s)?(?:[A-Z][\w-]+(?:,?\s(?:and\s|for\s|of\s)?(?=[A-Z]))?)+)")


@dataclass(frozen=True)
class Names:
    """Names of a programme: place, organisation and device names as written -> the code or name claims carry."""

    places: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)

    def state(self, written: str) -> str | None:
        """The state a name, adjective, possessive or plural belongs to, or None."""
        plain = _POSSESSIVE.sub("", written.strip())
        return _states().get(bare(written)) or _states().get(bare(plain))

    def is_people(self, word: str) -> bool:
        """Whether a capitalised plural names people of a state (`15 detained Armenians`)."""
        return word[:1].isupper() and word.endswith("s") and bare(word[:-1]) in _states() and bare(word) not in _states()

    @cached_property
    def _place_matcher(self) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w){any_of(self.places)}(?!\w)") if self.places else None

    def places_in(self, text: str) -> tuple[str, ...]:
        """Programme places named in a text, as codes, in order of mention and without repeats."""
        if self._place_matcher is None:
            return ()
        found: Iterable[str] = (self.places[match.group()] for match in self._place_matcher.finditer(text) if match.group() in self.places)
        return tuple(dict.fromkeys(found))


@cache
def _state_finder() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){state_pattern()}(?!\w)")


def states_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, state) of each state named in a (folded) text, in order."""
    return [(match.start(), match.end(), _states()[bare(match.group())]) for match in _state_finder().finditer(text)]
