"""Text that nobody speaks does not hold a reading up."""

import time

import pytest

from clearland.evidence.extraction.extract import LONGEST_SENTENCE, extract_claims
from clearland.evidence.reading.read import read_document


@pytest.mark.parametrize("run", ["killing 3 people and wounding 4 people, ", "12,345 km2 ", "they reported 12 mines and "])
def test_a_run_without_end_is_passed_over_and_the_rest_is_read(run):
    endless = run * (60_000 // len(run))
    assert len(endless) > LONGEST_SENTENCE
    text = f"Report on mines\n\nIn 2021, the agency cleared 12 km2 of mined area.\n\n{endless}\n"
    began = time.process_time()
    claims = extract_claims(read_document(text.encode(), "endless.txt"), "endless.txt")
    assert time.process_time() - began < 20
    assert [claim.value for claim in claims if claim.attribute == "release.cleared"] == [12]
