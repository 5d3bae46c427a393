"""A paper with claims of given words, held by the programme in use; and records to set them beside."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from clearland.claims.model import Claim
from clearland.core.clock import fixed_clock
from clearland.ledger.drafts import Draft, NewRendition, NewSource
from clearland.ledger.scope import system_actor
from clearland.ledger.write import write

ACTOR = system_actor("demo")
CLOCK = fixed_clock(datetime(2026, 3, 1, tzinfo=UTC))


def paper(text: str, *told: dict[str, Any], filename: str = "paper.txt", sensitivity: str = "public") -> str:
    """Hold a text; each claim stands at the words of its `at`. The SHA-256 of the source."""
    claims = []
    for each in told:
        words = each.pop("at")
        start = text.index(words)
        given = {"file": filename, "subject": "Varenia", "unit": "people", "qualifier": "exact", "claimant": "Mine Office"}
        claims.append(Claim(start=start, end=start + len(words), **{**given, **each}).as_json())
    rendition = NewRendition(
        text=text, extractor="text", extractor_version="1", claims=claims,
        passages=[{"number": 1, "kind": "paragraph", "start": 0, "end": len(text)}],
    )  # fmt: skip
    source = NewSource(
        data=text.encode(), filename=filename, media_type="text/plain", received=date(2026, 3, 1), title=filename,
        publisher="Mine Office", sensitivity=sensitivity,
    )  # fmt: skip
    receipt = write([], actor=ACTOR, reason="A paper", source=source, renditions=[rendition], clock=CLOCK)
    assert receipt.source is not None
    return receipt.source


def country() -> None:
    """Varenia (SYNTHETIC) with one district, and three accidents there in 2024: 2 killed, 4 injured."""
    state = Draft(record=uuid4(), kind="place", local_id="VA", attributes={
        "name": "Varenia (SYNTHETIC)", "place_type": "country", "code": "VA",
    })  # fmt: skip
    district = Draft(record=uuid4(), kind="place", local_id="VA-1", links={"parent": (state.record,)}, attributes={
        "name": "North", "place_type": "admin1", "code": "VA-1",
    })  # fmt: skip
    accidents = [
        Draft(record=uuid4(), kind="accident", local_id=f"SYNTHETIC-{n}", attributes={
            "date": f"2024-0{n + 1}-10", "district": "VA-1", "device_category": "AP", "killed": killed, "injured": injured,
        })
        for n, (killed, injured) in enumerate([(1, 2), (0, 1), (1, 1)])
    ]
    write([state, district, *accidents], actor=ACTOR, reason="SYNTHETIC records", clock=CLOCK)
