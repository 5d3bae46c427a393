"""Words by which languages correct, take back, explain, end or withhold: patterns of `cues.yaml`, one per cue."""

import re
from functools import cache
from importlib import resources

import yaml


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a cue in every language we read, without case. Raises KeyError for a cue that is not written."""
    text = resources.files("clearland.claims").joinpath("cues.yaml").read_text(encoding="utf-8")
    by_language: dict[str, str] = yaml.safe_load(text)[name]
    return re.compile("|".join(by_language.values()), re.IGNORECASE)
