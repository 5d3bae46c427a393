"""Scores of claim extraction, printed: `python -m tests.evidence.extraction.report`.

Our own documents always; the gold beside the checkout where there is one, with its gate. Exit 1 where a gate is not held.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.reading.read import read_document
from tests.evidence.extraction.scoring import DOCUMENTS, claims_and_gold, score

SHARED = Path(__file__).parents[3].parent / "shared"
NAMES = (
    "f1",
    "recall",
    "recall_numbers",
    "precision",
    "claimant",
    "claimant_by_class",
    "period",
    "period_by_class",
    "stance",
    "polarity",
    "footnote",
    "unit",
)


def own() -> None:
    """One line a gold file of our own."""
    sys.stdout.write("gold file".ljust(24) + "".join(name.rjust(18) for name in NAMES) + "\n")
    for path in sorted(DOCUMENTS.glob("gold*.yaml")):
        claims, wanted, _ = claims_and_gold(path.name)
        reached = score(claims, wanted)
        sys.stdout.write(path.stem.ljust(24) + "".join(f"{getattr(reached, name):18.3f}" for name in NAMES) + "\n")


def shared() -> int:
    """The gold beside the checkout by its own tool and gate; 0 where there is none."""
    gold = SHARED / "gold" / "claims.json"
    if not gold.exists():
        sys.stdout.write("no gold beside the checkout\n")
        return 0
    predicted = [
        claim.as_json()
        for path in sorted((SHARED / "corpus").glob("*.txt"))
        for claim in extract_claims(read_document(path.read_bytes(), path.name), path.name)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as told:
        json.dump(predicted, told)
        told.flush()
        tool = SHARED / "tools" / "score_claims.py"
        return subprocess.run([sys.executable, tool, "--gold", gold, "--predicted", told.name, "--gate"], check=False).returncode


if __name__ == "__main__":
    own()
    sys.stdout.flush()
    sys.exit(shared())
