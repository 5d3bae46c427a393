"""The relations that readers of the corpus noted are found among the claims as extracted: denials, doubts, tensions."""

import json
from collections import Counter
from pathlib import Path

import pytest

from clearland.claims.compare import disagreements
from clearland.claims.corrections import AROUND, Around
from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.reading.read import read_path

SHARED = Path(__file__).parents[2].parent / "shared"
LONGEST = 200  # characters of a sentence that a locator begins


@pytest.fixture(scope="module")
def found():
    gold = SHARED / "gold" / "claims.json"
    if not gold.is_file():
        pytest.skip("the corpus of published reports is not here")
    documents = {path.name: read_path(path) for path in sorted((SHARED / "corpus").glob("*.txt"))}
    claims = [claim for name, document in documents.items() for claim in extract_claims(document, name)]

    def around(claim):
        text = documents[claim.file].text
        return Around(
            text[max(0, claim.start - AROUND) : claim.start], text[claim.start : claim.end], text[claim.end : claim.end + AROUND]
        )

    compared = disagreements(claims, around)
    noted = json.loads(gold.read_text(encoding="utf-8"))
    by_id = {each["id"]: each for each in noted}
    kinds: dict[str, list[set[str]]] = {}
    for each in noted:
        for relation in each["relations"] or ():
            other = by_id[relation["target"] if "target" in relation else relation["id"]]
            sides = [_near(claims, each), _near(claims, other)]
            met = {str(one.kind) for one in compared if _meet(one, *sides)}
            kinds.setdefault(relation.get("type") or relation.get("kind"), []).append(met)
    return compared, kinds


def _near(claims, noted):
    start, end = noted["char_start"], noted["char_start"] + max(len(noted["locator"]), LONGEST)
    return {id(claim) for claim in claims if claim.file == noted["file"] and claim.start < end and claim.end > start}


def _meet(one, first, second):
    left, right = id(one.left), id(one.right)
    return (left in first and right in second) or (left in second and right in first)


def test_denials_and_doubts_meet_what_they_answer(found):
    _compared, kinds = found
    assert all("denies" in met for met in kinds["denied_by"])
    assert all("tension" in met for met in kinds["questions"])


def test_other_measures_and_near_dates_are_tension_never_contradiction(found):
    compared, kinds = found
    assert sum("tension" in met for met in kinds["tension_with"]) >= 4  # each is noted from both sides
    assert not any("contradicts" in met for met in kinds["tension_with"])
    assert Counter(one.kind for one in compared)["contradicts"] == 0


def test_two_prints_of_one_quotation_are_the_same_source(found):
    compared, _kinds = found
    assert any(one.kind == "same_source" and one.left.file != one.right.file for one in compared)
