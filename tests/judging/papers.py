"""A paper of our own and readings of it, as this and other versions of the reader would make them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.scope import Actor
from clearland.ledger.write import write
from tests.ledger.book import day

ANNA = Actor("user:1", "Anna")
BORIS = Actor("user:2", "Boris")
PUBLIC = Actor("system:public", "the public", is_system=True)
TEXT = (
    "Mine action in Sandland\n\n"
    "The Office cleared 3.52 km² in 2022 and destroyed 120 mines.\n\n"
    "The Office planned to clear 9 km² in 2023.\n\n"
    "The Ministry said that the Office cleared 3.52 km² in 2021 and that 40 people were trained.\n"
)


def claim(words: str, attribute: str, value: Any, *, text: str = TEXT, nth: int = 0, **more: Any) -> dict[str, Any]:
    """A proposed claim whose characters are the n-th place of these words."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {
        "file": "paper.txt", "start": start, "end": start + len(words), "subject": "Office", "attribute": attribute,
        "value": value, "value_status": "known", "unit": None, "qualifier": None, "base": None, "scope": {}, "period": None,
        "as_of": None, "polarity": "affirmed", "modality": "asserted", "claimant": "The Office", "chain": [],
        "stance": "reported", "quoted": False, "evidence": [], "question": None, "table_cell": None, "footnote": None,
        "in_footnote": None, "cited_source": None, **more,
    }  # fmt: skip


def proposals(text: str = TEXT) -> list[dict[str, Any]]:
    """What the reader proposes of the paper."""
    return [
        claim("3.52 km²", "release.cleared", 3.52, unit="km2", period="2022", text=text),
        claim("120 mines", "items.destroyed", 120, unit="items", period="2022", text=text),
        claim("9 km²", "release.cleared", 9, unit="km2", period="2023", modality="planned", text=text),
        claim("3.52 km²", "release.cleared", 3.52, unit="km2", period="2021", nth=1, claimant="The Ministry", text=text),
        claim("40 people", "training.people", 40, unit="people", period="2021", claimant=None, text=text),
    ]


def read(claims: Sequence[dict[str, Any]], *, text: str = TEXT, version: str = "1", on: int = 0) -> str:
    """Bring in a reading of the paper; the same source each time, whatever text was read from it."""
    paragraphs, at = [], 0
    for number, block in enumerate(text.split("\n\n"), start=1):
        start = text.index(block, at)
        at = start + len(block.rstrip())
        paragraphs.append({"number": number, "kind": "title" if number == 1 else "paragraph", "start": start, "end": at})
    made = NewRendition(text=text, extractor="text", extractor_version=version, claims=claims, notes=(), passages=paragraphs)
    source = NewSource(
        data=TEXT.encode(),
        filename="paper.txt",
        media_type="text/plain",
        received=date(2024, 3, 1),
        title="Mine action in Sandland",
        publisher="The Office",
        language="en",
    )
    receipt = write([], actor=ANNA, reason="A paper", source=source, renditions=[made], clock=day(on))
    assert receipt.source is not None
    return receipt.source
