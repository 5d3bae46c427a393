"""Where a claim's characters are but a date, the sentence around them is printed."""

from datetime import date

import pytest

from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.reports.book import ClaimBook
from clearland.reports.words import words

TEXT = "A paper\n\nIt stayed away.[3] The state “took part” as an observer in June 2022.[4] It voted.\nMet in May 2020 |\n"


@pytest.fixture
def told(sqlite_programme):
    claims: list[dict[str, object]] = [
        {"file": "p.txt", "start": TEXT.index(said), "end": TEXT.index(said) + len(said), "subject": "State",
         "attribute": "treaty.attendance", "value": value, "unit": unit, "scope": {}}
        for said, value, unit in (("June 2022", "2022-06", "date"), ("May 2020", "2020-05", "date"), ("It voted", True, None))
    ]  # fmt: skip
    made = NewRendition(text=TEXT, extractor="text", extractor_version="1", passages=[], notes=[], claims=claims)
    source = NewSource(data=TEXT.encode(), filename="p.txt", media_type="text/plain", received=date(2024, 1, 2))
    write([], actor=system_actor("import"), reason="A paper", source=source, renditions=[made])
    return ClaimBook(snapshot()).told


def test_a_date_is_printed_with_its_sentence(told):
    sentence = "The state “took part” as an observer in June 2022."
    assert [words(each) for each in told] == [sentence, "It voted", "Met in May 2020"]
