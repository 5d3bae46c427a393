"""The phrases of reasons: the same in each language, with the same values, and each one used."""

import re
import string
from pathlib import Path

import pytest
import yaml

import clearland.claims.reasons as module
from clearland.claims.reasons import Coded, Reason
from clearland.core.formats import LANGUAGES

FOLDER = Path(module.__file__).parent / "wording"
PHRASES = {language: yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")) for language in LANGUAGES}


def values_of(phrase):
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_phrases_with_the_same_values(language):
    assert PHRASES[language].keys() == PHRASES["en"].keys()
    for code, phrase in PHRASES[language].items():
        assert values_of(phrase) == values_of(PHRASES["en"][code]), code


def test_every_phrase_is_said_somewhere():
    source = Path(module.__file__).parents[1]
    code = "\n".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    named = set(re.findall(r'"([a-z_]+)"', code)) | set(re.findall(r'indicator|"and"', code))
    for phrase in PHRASES["en"]:
        family = phrase.split("_")[0]
        made = f'Reason(f"{family}_' in code or f'"{family}_{{' in code or f'f"{family}_' in code
        assert phrase in named or made, phrase


def test_a_language_we_do_not_write_is_said_in_english():
    assert Reason("both_say").say("fr") == "Both say the same."


def test_a_code_in_a_reason_is_said_by_whoever_has_its_words():
    reason = Reason("field_differs", {"field": Reason("field_device"), "here": Coded("AP"), "there": Coded("AV")})
    assert reason.say("en", {"AP": "anti-personnel mines", "AV": "anti-vehicle mines"}.__getitem__) == (
        "the device is anti-personnel mines here and anti-vehicle mines there"
    )
    assert reason.say("en") == "the device is AP here and AV there"
    assert reason.as_json()["values"]["here"] == "AP"  # type: ignore[index]
