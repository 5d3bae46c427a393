"""Findings of land and ordnance rules have words in Azerbaijani and Russian."""

import re
from pathlib import Path

import clearland
from clearland.figures.finding_words import codes, said

SOURCE = Path(clearland.__file__).parent
RULES = [*(SOURCE / "checks").glob("*.py"), *(SOURCE / "land").glob("*.py"), SOURCE / "figures" / "lifecycle.py"]


def test_every_rule_of_land_and_ordnance_is_worded():
    made = {code for path in RULES for code in re.findall(r'"(L-[A-Z][A-Z-]+)"', path.read_text(encoding="utf-8"))}
    assert made - codes() == set(), "add the code to figures/finding_words.yaml in az and ru"
    assert codes() - made == set(), "no rule says this any more"


def test_each_has_a_sentence_and_a_remedy_in_both_languages():
    for code in codes():
        for language in ("az", "ru"):
            words = said(code, language)
            assert words is not None, (code, language)
            assert all(part.strip().endswith((".", "!", "?")) for part in words), (code, language)
    assert said("L-BALANCE-GAP", "en") is None
