"""Scores on our own documents, in CI; and on the gold beside the checkout where there is one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.reading.read import read_document
from tests.evidence.extraction.scoring import claims_and_gold, score

SHARED = Path(__file__).parents[3].parent / "shared"
OWN = {
    "recall": 0.93,
    "recall_numbers": 0.97,
    "precision": 0.90,
    "f1": 0.92,
    "claimant": 0.95,
    "period": 0.85,
    "stance": 0.95,
    "polarity": 0.98,
    "footnote": 0.97,
    "unit": 0.97,
    "attribute": 0.80,
}
# Sets annotated before the rules saw them, then mended on; their unseen scores are in docs/reference/claims-scores.md.
HELD_OUT = {
    "recall": 0.87,
    "recall_numbers": 0.91,
    "precision": 0.87,
    "f1": 0.87,
    "claimant": 0.93,
    "period": 0.82,
    "stance": 0.97,
    "polarity": 0.97,
    "footnote": 0.98,
    "unit": 0.93,
}
# The gate of the claims issue is lower; these hold what has been reached.
GOLD = {
    "recall_numbers": 0.97,
    "recall_must": 0.95,
    "precision": 0.84,
    "f1": 0.89,
    "stance_f1": 0.95,
    "claimant": 0.85,
    "period": 0.85,
    "footnote": 0.99,
    "polarity": 0.98,
    "unit": 0.98,
}


@pytest.fixture(scope="module")
def own():
    claims, wanted, texts = claims_and_gold()
    return claims, score(claims, wanted), texts


@pytest.mark.parametrize(("name", "least"), OWN.items())
def test_own_documents(own, name, least):
    result = own[1]
    assert getattr(result, name) >= least, "\n".join((*result.misses, *result.surplus))


@pytest.fixture(scope="module", params=[f"gold-held-out-{number}.yaml" for number in range(1, 8)])
def held_out(request):
    claims, wanted, texts = claims_and_gold(request.param)
    return claims, score(claims, wanted), texts


def test_documents_held_out(held_out):
    result = held_out[1]
    low = {name: round(getattr(result, name), 3) for name, least in HELD_OUT.items() if getattr(result, name) < least}
    assert not low, "\n".join((*result.misses, *result.surplus))


def test_every_claim_of_a_document_held_out_resolves(held_out):
    claims, _, texts = held_out
    assert all(claim.resolve(texts[claim.file]).strip() for claim in claims)


def test_every_claim_resolves(own):
    claims, _, texts = own
    assert all(claim.resolve(texts[claim.file]).strip() for claim in claims)


@pytest.mark.skipif(not (SHARED / "gold" / "claims.json").exists(), reason="no gold beside the checkout")
def test_gold_beside_the_checkout(tmp_path):
    predicted = []
    for path in sorted((SHARED / "corpus").glob("*.txt")):
        document = read_document(path.read_bytes(), path.name)
        predicted += [claim.as_json() for claim in extract_claims(document, path.name)]
    told = tmp_path / "claims.json"
    told.write_text(json.dumps(predicted), encoding="utf-8")
    command = [
        sys.executable,
        SHARED / "tools" / "score_claims.py",
        "--gold",
        SHARED / "gold" / "claims.json",
        "--predicted",
        told,
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    reached = {line.split()[0]: float(line.split()[1]) for line in printed.splitlines()}
    low = {name: (reached[name], least) for name, least in GOLD.items() if reached[name] < least}
    assert not low
