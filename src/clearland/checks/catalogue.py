"""The registry of the ninety rules: number, codes with severity, where each is enforced, source, limits; and their words.

The words are kept by language: a finding carries its code and values, and is said where somebody reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from clearland.core.errors import Finding, Severity

Where = Literal["intake", "record", "across", "land", "balance", "write", "publish"]
Value = str | int | float | None
_SEVERITY: Mapping[str, Severity] = {"E": "error", "W": "warning", "Q": "query", "I": "info"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `codes` are what it may find, the heaviest severity first; `kept`: not forgiven in a legacy source."""

    number: int
    where: Where
    codes: Mapping[str, Severity]
    source: str
    limits: tuple[str, ...]
    kept: bool

    def statement(self, language: str = "en") -> str:
        """What the rule asks for, in one sentence."""
        told: str = _words(language)["rules"][self.number]
        return told

    def remedies(self, language: str = "en") -> tuple[str, ...]:
        """What a person does about each of its codes, as far as they are said here."""
        return tuple(dict.fromkeys(said[1] for code in self.codes if (said := _phrases(language).get(code))))


@cache
def rules() -> Mapping[int, Rule]:
    """Every rule by its number."""
    loaded = yaml.safe_load(resources.files("clearland.checks").joinpath("rules.yaml").read_text(encoding="utf-8"))
    return {
        number: Rule(
            number=number, where=raw["where"], codes={code: _SEVERITY[letter] for code, letter in raw["codes"].items()},
            source=raw["source"], limits=tuple(raw.get("limits", ())), kept=raw.get("kept", False),
        )
        for number, raw in loaded.items()
    }  # fmt: skip


@cache
def _first_rules() -> Mapping[str, Rule]:
    made: dict[str, Rule] = {}
    for rule in rules().values():
        for code in rule.codes:
            made.setdefault(code, rule)
    return made


def rule_of(code: str) -> Rule | None:
    """The rule that a code belongs to; the first where several share it."""
    return _first_rules().get(code)


def finding_of(code: str, values: Mapping[str, Value], rule: int | None = None) -> Finding:
    """A finding with its sentence in English. Numbers among the values are kept to a thousandth."""
    own = _first_rules()[code] if rule is None else rules()[rule]
    kept = {name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()}
    sentence, remedy = _phrases("en")[code]
    return Finding(
        code=code, severity=own.codes[code], rule=own.number, sentence=sentence.format(**kept), remedy=remedy, values=kept
    )


def said(code: str, values: Mapping[str, Value], language: str) -> tuple[str, str] | None:
    """Sentence and remedy of a finding in a language; None for a code whose words are not kept here."""
    found = _phrases(language).get(code)
    if found is None:
        return None
    try:
        return found[0].format(**values), found[1]
    except (KeyError, ValueError):  # a finding kept by an older version may lack a value
        return None


def reason_said(code: str, values: Mapping[str, object], language: str) -> str:
    """A ground for or against two records being one, in a language."""
    phrases: Mapping[str, str] = _words(language)["reasons"]
    return phrases[code].format(**values)


def _phrases(language: str) -> Mapping[str, tuple[str, str]]:
    found: Mapping[str, tuple[str, str]] = _words(language)["findings"]
    return found


@cache
def _words(language: str) -> Mapping[str, Mapping]:  # type: ignore[type-arg]  # two tables of different keys
    folder = resources.files("clearland.checks.wording")
    file = folder.joinpath(f"{language}.yaml")
    loaded: Mapping[str, Mapping] = yaml.safe_load(  # type: ignore[type-arg]
        (file if file.is_file() else folder.joinpath("en.yaml")).read_text(encoding="utf-8")
    )
    return loaded
