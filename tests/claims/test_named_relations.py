"""The relations that readers of the corpus noted are found among the claims as extracted: denials, doubts, tensions."""

import json
import re
from pathlib import Path

import pytest

from clearland.claims.compare import disagreements
from clearland.claims.corrections import AROUND, Around
from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.reading.read import read_path

SHARED = Path(__file__).parents[2].parent / "shared"


# What readers noted -> the kinds of comparison that may tell it.
MEANT = {
    "contradicts": {"contradicts", "explains"},
    "denies": {"denies"},
    "denied_by": {"denies"},
    "tension_with": {"tension"},
    "questions": {"tension"},
    "questioned_by": {"tension"},
    "confirms": {"confirms"},
    "confirmed_by": {"confirms"},
    "partly_confirms": {"confirms", "tension"},
    "partly_confirmed_by": {"confirms", "tension"},
    "consistent_with": {"confirms", "tension"},
}
_END = re.compile(r"[.!?][”\"]?(?:\[\d+\])*(?=\s|$)")


def _noted():
    gold = SHARED / "gold" / "claims.json"
    return json.loads(gold.read_text(encoding="utf-8")) if gold.is_file() else []


NOTED = {each["id"]: each for each in _noted()}
RELATIONS = [
    (relation["type"], one["id"], relation["id"]) for one in NOTED.values() for relation in one["relations"] or ()
]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    documents = {path.name: read_path(path) for path in sorted((SHARED / "corpus").glob("*.txt"))}
    claims = [claim for name, document in documents.items() for claim in extract_claims(document, name)]

    def around(claim):
        text = documents[claim.file].text
        return Around(
            text[max(0, claim.start - AROUND) : claim.start], text[claim.start : claim.end], text[claim.end : claim.end + AROUND]
        )

    return disagreements(claims, around), claims, {name: document.text for name, document in documents.items()}


def _near(claims, noted, text):
    """The claims read from the sentence that a reader's locator opens, to the end of the words it was read from."""
    start = noted["char_start"]
    read_at = [start + len(noted["locator"]), noted.get("value_char_start") or 0, *(at for at, _ in noted.get("anchors") or ())]
    end = _END.search(text, max(read_at))
    stop = end.end() if end else len(text)
    return {id(claim) for claim in claims if claim.file == noted["file"] and claim.start < stop and claim.end > start}


def _kinds(found, one, other):
    compared, claims, texts = found
    first, second = (_near(claims, NOTED[name], texts[NOTED[name]["file"]]) for name in (one, other))
    sides = [(each.kind, id(each.left), id(each.right)) for each in compared]
    return {kind for kind, left, right in sides if (left in first and right in second) or (left in second and right in first)}


@pytest.mark.skipif(not NOTED, reason="no gold beside the checkout")
@pytest.mark.parametrize(("kind", "one", "other"), RELATIONS, ids=[" ".join(each) for each in RELATIONS])
def test_each_relation_that_readers_noted_is_found(found, kind, one, other):
    kinds = _kinds(found, one, other)
    assert kinds & MEANT[kind]
    assert kind == "contradicts" or "contradicts" not in kinds


@pytest.mark.skipif(not NOTED, reason="no gold beside the checkout")
def test_nothing_in_the_corpus_contradicts_on_one_scope(found):
    assert not [each.reason for each in found[0] if each.kind == "contradicts"]


@pytest.mark.skipif(not NOTED, reason="no gold beside the checkout")
def test_two_prints_of_one_quotation_are_the_same_source(found):
    assert any(one.kind == "same_source" and one.left.file != one.right.file for one in found[0])


@pytest.mark.skipif(not NOTED, reason="no gold beside the checkout")
def test_a_share_of_the_whole_implies_the_whole(found):
    (implied,) = [one.reason for one in found[0] if one.kind == "implies"]
    assert "8,289 km²" in implied
