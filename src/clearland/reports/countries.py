"""Countries by code, and which countries a text names: a report on one country leaves out what is told of another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

from clearland.core.errors import ClearlandError


@dataclass(frozen=True)
class Country:
    """A country of `countries.yaml`: ISO code, its name by language, and further names that English sources write."""

    code: str
    names: Mapping[str, str]
    also: tuple[str, ...]

    def name(self, language: str) -> str:
        """What a report in this language calls it."""
        return self.names[language]


@cache
def countries() -> Mapping[str, Country]:
    """All countries by code."""
    text = resources.files("clearland.reports").joinpath("countries.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, object]] = yaml.safe_load(text)
    found = {}
    for code, names in loaded.items():
        also = names.pop("also", ())
        assert isinstance(also, list | tuple)  # the file is ours and a test reads it
        found[code] = Country(code, {language: str(name) for language, name in names.items()}, tuple(also))
    return found


def country(code: str) -> Country:
    """The country of an ISO 3166-1 code. Raises ClearlandError E-REPORT-COUNTRY for another text."""
    found = countries().get(code.strip().upper())
    if found is None:
        raise ClearlandError(
            "E-REPORT-COUNTRY", f"“{code}” is the code of no country.", remedy="Give two letters of ISO 3166-1, such as AZ or BA."
        )
    return found


@cache
def _pattern() -> tuple[re.Pattern[str], Mapping[str, str]]:
    by_name = {name.casefold(): each.code for each in countries().values() for name in (each.names["en"], *each.also)}
    longest_first = sorted(by_name, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"), by_name


@lru_cache(maxsize=8192)
def named_in(text: str) -> frozenset[str]:
    """Codes of the countries that an English text names (`Armed forces of Armenia` → AM); adjectives are not names."""
    pattern, by_name = _pattern()
    return frozenset(by_name[found] for found in pattern.findall(text.casefold()))
