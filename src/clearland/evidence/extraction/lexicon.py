"""The words rules are made of: `words/*.yaml` read once, and patterns built from them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

_FOLDER = resources.files("clearland.evidence.extraction") / "words"


@cache
def words(name: str) -> Mapping[str, Any]:
    """One file of `words/`, as plain data."""
    loaded = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"words/{name}.yaml is not a mapping")
    return loaded


def any_of(phrases: Iterable[str]) -> str:
    """A pattern for one of several literal phrases, longest first; a space matches any run of spaces."""
    ordered = sorted({phrase.strip() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered) + ")"


@cache
def count_units() -> Mapping[str, str]:
    """Counted noun in lower case -> unit."""
    return {noun: unit for unit, nouns in words("units")["counts"].items() for noun in nouns}


@cache
def duration_units() -> Mapping[str, str]:
    """Word for a stretch of time -> unit in the plural."""
    return {noun: unit for unit, nouns in words("units")["durations"].items() for noun in nouns}


@cache
def qualifiers() -> Mapping[str, str]:
    """Word before a number -> more_than, less_than or approximately."""
    return {phrase: code for code, phrases in words("units")["qualifiers"].items() for phrase in phrases}


@cache
def treaties() -> tuple[tuple[str, str], ...]:
    """(code, pattern) of every treaty, longest pattern first, the generic words last."""
    named = [(code, pattern) for code, patterns in words("treaties")["treaties"].items() for pattern in patterns]
    return tuple(sorted(named, key=lambda pair: -len(pair[1])))


@cache
def treaty_pattern(*, generic: bool = True) -> str:
    """One pattern for any treaty, `the Treaty` and `the Convention` included unless told otherwise."""
    parts = [pattern for _, pattern in treaties()]
    return "(?:" + "|".join([*parts, words("treaties")["generic"]] if generic else parts) + ")"


@cache
def _treaty_matchers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in treaties())


def treaty_code(name: str) -> str | None:
    """The code of a treaty by one of its names, or None for `the Convention` alone."""
    for code, matcher in _treaty_matchers():
        if matcher.search(name):
            return code
    return None
