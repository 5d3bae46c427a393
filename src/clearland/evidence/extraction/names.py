"""Who and where: states and their adjectives, organisations and places, found in text by their names.

States come from `words/states.yaml`; organisations by the shape of their names (`Ministry of …`, capitals, an acronym in
brackets); further places, organisations and devices can be passed in from a programme's records.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

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
def state_pattern(further: tuple[str, ...] = ()) -> str:
    """A pattern for any state by name or adjective; `further` names states that the list does not hold."""
    forms = [form for name, others in words("states")["states"].items() for form in (name, *(others or ()))]
    return rf"(?:{any_of([*forms, *(form for name in further for form in adjectives(name))])})"


def adjectives(name: str) -> tuple[str, ...]:
    """A state's name with the adjectives English would most likely make of it."""
    stem = name[:-1] if name.endswith("a") else name
    return (name, f"{name}n" if name.endswith("a") else f"{name}ian", f"{stem}ian", f"{name}i")


_POSSESSIVE = re.compile(r"(?:'s|'|s)$")


@dataclass(frozen=True)
class Names:
    """Names of a programme: place, organisation and device names as written -> the code or name claims carry."""

    places: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()

    @cached_property
    def _further(self) -> Mapping[str, str]:
        return {bare(form): name for name in self.states for form in adjectives(name)}

    def state(self, written: str) -> str | None:
        """The state a name, adjective, possessive or plural belongs to, or None."""
        plain = _POSSESSIVE.sub("", written.strip())
        for form in (bare(written), bare(plain)):
            if (found := _states().get(form) or self._further.get(form)) is not None:
                return found
        return None

    def is_people(self, word: str) -> bool:
        """Whether a capitalised plural names people of a state (`12 detained Bulgarians`)."""
        return word[:1].isupper() and word.endswith("s") and bare(word) not in _states() and self.state(word[:-1]) is not None

    @cached_property
    def _place_matcher(self) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w){any_of(self.places)}(?!\w)") if self.places else None

    def places_in(self, text: str) -> tuple[str, ...]:
        """Programme places named in a text, as codes, in order of mention and without repeats."""
        if self._place_matcher is None:
            return ()
        found: Iterable[str] = (
            self.places[match.group()] for match in self._place_matcher.finditer(text) if match.group() in self.places
        )
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def _state_finder(further: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){state_pattern(further)}(?!\w)")


def states_in(text: str, further: tuple[str, ...] = ()) -> list[tuple[int, int, str]]:
    """(start, end, state) of each state named in a (folded) text, in order."""
    names = Names(states=further)
    return [(match.start(), match.end(), str(names.state(match.group()))) for match in _state_finder(further).finditer(text)]
