"""Which records of a series a full edition no longer repeats (design section 4, editions and series)."""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from clearland.ledger.drafts import Draft
from clearland.ledger.history import Known, known_records
from clearland.ledger.prepare import Prepared, draft_of, prepare
from clearland.ledger.store import Store
from clearland.ledger.vocabulary import dictionary_of
from clearland.ledger.windows import Line, last_settled, until


def missing_of(store: Store, series: str, repeated: Set[UUID], when: datetime) -> Iterator[tuple[Prepared, Known]]:
    """Records that came from the series, were approved at `when` and are not repeated, each with its superseded
    state."""
    store.cursor.execute(
        """SELECT DISTINCT e.record_id FROM "entry" e JOIN "commit" c ON c.sequence = e.commit_id
           JOIN "source" s ON s.sha256 = c.source_id WHERE s.series = %s""",
        [series],
    )
    of_series = sorted({store.read_uuid(row[0]) for row in store.cursor.fetchall()} - repeated)
    books = known_records(store, of_series)
    drafts = [
        _superseded(store, settled)
        for book in books.values()
        if (settled := last_settled(until(book.history, when))) and settled.state == "approved"
    ]
    for prepared in prepare(drafts, dictionary_of(store.cursor), checked=True):
        yield prepared, books[prepared.record]


def _superseded(store: Store, approved: Line) -> Draft:
    """An approved state, superseded."""
    store.cursor.execute('SELECT body, geometry FROM "entry" WHERE sequence = %s', [approved.sequence])
    body, geometry = store.cursor.fetchone()
    return replace(draft_of(bytes(body), store.read_geometry(geometry)), state="superseded", origin="")
