"""The registry: ninety rules, each with words in three languages, and every code that it names made somewhere."""

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

import clearland.checks.catalogue as module
from clearland.checks.catalogue import finding_of, rule_of, rules, said
from clearland.checks.limits import LIMITS, Limits, limits_said
from clearland.core.errors import ClearlandError
from clearland.core.formats import LANGUAGES

SOURCE = Path(module.__file__).parents[1]
WORDS = {
    language: yaml.safe_load((SOURCE / "checks" / "wording" / f"{language}.yaml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}


def values_of(phrase):
    return {(name, spec) for _text, name, spec, _conversion in string.Formatter().parse(phrase) if name}


def test_every_rule_stands_in_the_registry_with_its_place_of_enforcement():
    assert list(rules()) == list(range(1, 91))
    for rule in rules().values():
        assert rule.source
        assert rule.codes or rule.where in ("balance", "write"), rule.number


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_with_the_same_values(language):
    words = WORDS[language]
    assert words["rules"].keys() == WORDS["en"]["rules"].keys() == rules().keys()
    assert words["findings"].keys() == WORDS["en"]["findings"].keys()
    for code, (sentence, remedy) in words["findings"].items():
        assert values_of(sentence) == values_of(WORDS["en"]["findings"][code][0]), code
        assert remedy, code
        assert not values_of(remedy), code
    if language != "en":
        same = [code for code, phrases in words["findings"].items() if phrases == WORDS["en"]["findings"][code]]
        assert same == []


def test_every_code_of_the_registry_is_made_and_every_code_made_is_registered():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    for rule in rules().values():
        for code in rule.codes:
            assert f'"{code}"' in text, code
    made = set(re.findall(r'"(R-[A-Z-]+)"', text))
    assert made - {"R-"} == {code for rule in rules().values() for code in rule.codes if code.startswith("R-")}
    assert made - {"R-"} <= WORDS["en"]["findings"].keys()


def test_a_finding_is_said_in_the_readers_language():
    finding = finding_of("R-BENCHMARK-FAR", {"distance_m": 812.34567})
    assert (finding.severity, finding.rule, finding.values["distance_m"]) == ("warning", 24, 812.346)
    assert finding.sentence == "The benchmark lies 812 m from the hazard."
    russian = said("R-BENCHMARK-FAR", finding.values, "ru")
    assert russian is not None
    assert russian[0].startswith("Репер")
    assert said("R-BENCHMARK-FAR", {}, "ru") is None
    assert rule_of("R-BENCHMARK-FAR") is rules()[24]


def test_every_limit_belongs_to_a_rule_and_every_rule_names_limits_that_exist():
    named = {name for rule in rules().values() for name in rule.limits}
    assert named == {field.name for field in fields(Limits)}


def test_a_programme_sets_its_limits():
    assert limits_said([]) is LIMITS
    assert limits_said(["near_m = 30", "visit_days=60"]).near_m == 30
    for wrong in ("nearly=3", "near_m", "near_m=far", "near_m=-1", "near_m=inf"):
        with pytest.raises(ClearlandError) as refused:
            limits_said([wrong])
        assert refused.value.code == "E-CHECK-LIMIT"
