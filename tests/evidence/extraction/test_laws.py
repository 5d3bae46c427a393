"""Laws of extraction: whatever the text, claims resolve to it, and the same text gives the same claims."""

import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.evidence.extraction.extract import extract_claims
from clearland.evidence.extraction.surface import surface
from clearland.evidence.reading.read import read_document

DOCUMENTS = Path(__file__).parent / "documents"
PIECES = st.sampled_from(
    [
        "Varenia has not acceded to the Mine Ban Treaty",
        "In March 2014",
        "1,318 mines",
        " were found",
        ".",
        ",",
        "“",
        "”",
        "[1]",
        "[12]",
        "\n",
        "\n\n",
        " and ",
        "twenty-four of the sixty-five regions",
        "$3.53 million",
        "12.4km²",
        "according to officials",
        "denied",
        "said that",
        "N/A",
        "АNАМА",
        "since 1992",
        "1992–1994",
        "31 February 2020",
        "0 people",
        "9" * 400,
        "Table | 3 | 4 |",
        "• X should ensure that ",
        "²",
        "é",
        "🙂",
        "1. Is your country?",
        "Last updated: 3 May 2011",
        "%",
        "PMN-2",
        "the Ministry of Defense of",
        "alleged",
        "\t",
        "\r\n",
        "\u00a0",
        "one of",
        "of the",
    ]
)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("".join),
)


@given(TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_claim_of_any_text_resolves(text):
    document = read_document(("Report. " + text).encode(), "any.txt")
    claims = extract_claims(document, "any.txt")
    for claim in claims:
        assert claim.resolve(document.text)
    assert [claim.as_json() for claim in claims] == [claim.as_json() for claim in extract_claims(document, "any.txt")]


@given(st.text())
def test_surface_never_moves_a_character(text):
    assert len(surface(text)) == len(text)


def test_twenty_pages_a_second():
    text = (DOCUMENTS / "landmine-monitor-2015-varenia.txt").read_text(encoding="utf-8")
    body = text.split("\n\n\n\n")[0]
    document = read_document("\n\n".join([body] * 12).encode(), "long.txt")
    pages = len(document.text) / 3_000
    extract_claims(document, "long.txt")
    began = time.process_time()
    extract_claims(document, "long.txt")
    assert pages / (time.process_time() - began) >= 20
