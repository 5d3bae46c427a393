"""Claims made by hand, as a snapshot would hold them, for tests of what reports make of claims."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from clearland.claims.corrections import nothing_around
from clearland.claims.model import Claim, Scope
from clearland.dictionary.loader import builtin
from clearland.dictionary.model import Dictionary
from clearland.reports import book
from clearland.reports.countries import country

PLACE = {"next": 0}


@dataclass(frozen=True)
class Shelf:
    """As much of a snapshot as a book of claims asks for."""

    dictionary: Dictionary

    def sql(self, _query: str) -> pa.Table:
        """Its gazetteer knows no country of its own."""
        return pa.table({"local_id": [], "name": []})


def telling(attribute, value, *, subject="Talland", claimant="Observer", file="paper.txt", published=None, judgement="proposed",
            title="", start=None, definition=None, **more):
    """A claim and its row. Claims stand 100 characters apart in the order they are made, unless `start` says where."""
    PLACE["next"] += 100
    begin = PLACE["next"] if start is None else start
    status = "unknown" if value is None else "known"
    claim = Claim(
        file=file, start=begin, end=begin + 10, subject=subject, attribute=attribute, value=value, claimant=claimant,
        scope=Scope(definition=definition), **{"value_status": status, **more},
    )  # fmt: skip
    row = {"source": file.ljust(64, "0"), "file": file, "title": title or file, "publisher": "Publisher", "published": published,
           "quote": f"words at {begin}", "judgement": judgement}  # fmt: skip
    return claim, row


def book_of(monkeypatch, *told, code="AZ"):
    """The book a report reads, over claims made by hand."""
    monkeypatch.setattr(book, "claims_of", lambda _: list(told))
    monkeypatch.setattr(book, "surroundings", lambda *_: nothing_around)
    shelf: Any = Shelf(builtin())
    return book.ClaimBook(shelf, country(code) if code else None)
