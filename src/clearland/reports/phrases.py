"""Phrases of a report in the reader's language. A phrase missing in a language is an error of ours, not a fallback."""

from functools import cache
from importlib import resources

import yaml

from clearland.core.errors import ClearlandError
from clearland.core.formats import LANGUAGES


@cache
def phrases(language: str) -> dict[str, str]:
    """All phrases of a language by name. Raises ClearlandError E-REPORT-LANGUAGE for a language we do not write."""
    if language not in LANGUAGES:
        raise ClearlandError(
            "E-REPORT-LANGUAGE", f"Reports are not written in “{language}”.", remedy=f"Use one of {', '.join(LANGUAGES)}."
        )
    text = resources.files("clearland.reports.wording").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


def say(language: str, phrase: str, **values: object) -> str:
    """One phrase with its values filled in."""
    return phrases(language)[phrase].format(**values)
