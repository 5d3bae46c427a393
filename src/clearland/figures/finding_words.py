"""Findings in the languages of the pages: by their code, in general words; the facts of each record stand beside them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    text = resources.files("clearland.figures").joinpath("finding_words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return {code: {language: (said[0], said[1]) for language, said in by.items()} for code, by in loaded.items()}


def said(code: str, language: str) -> tuple[str, str] | None:
    """The sentence of a finding and what to do, in a language; None where its own English words are all there is."""
    return _words().get(code, {}).get(language)


def codes() -> frozenset[str]:
    """The codes that have words of their own in other languages."""
    return frozenset(_words())
