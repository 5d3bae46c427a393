"""Links of the entries of one write, entered when all its records stand: a link may lead to one that comes later."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.ledger.projections import LINK_COLUMNS, NewEntry
from clearland.ledger.store import Store


class NewLink(NamedTuple):
    """A link as an entry states it: the record it comes from by key and by name, its role, target and entry."""

    fid: int
    role: str
    target: UUID
    sequence: int
    name: str


def links_of(news: Sequence[NewEntry]) -> list[NewLink]:
    """The links of new entries, without repeats, in the order in which they are stored."""
    return [
        NewLink(new.fid, role, target, new.line.sequence, new.prepared.name())
        for new in news
        for role, targets in new.prepared.links.items()
        for target in sorted(set(targets), key=str)
    ]


def insert_links(store: Store, portions: Iterable[Sequence[NewLink]]) -> None:
    """Write links. Raises RefusedInput (E-LEDGER-LINK) naming each of a portion that leads nowhere."""
    for links in portions:
        found = store.fetch(f'SELECT id, fid FROM "record" WHERE {store.among("id")}', list({link.target for link in links}))
        fids = {store.read_uuid(record): fid for record, fid in found}
        _refuse_lost([link for link in links if link.target not in fids])
        store.insert("link", LINK_COLUMNS, [(link.fid, link.role, fids[link.target], link.sequence) for link in links])


def _refuse_lost(lost: Sequence[NewLink]) -> None:
    findings = [
        Finding(
            code="E-LEDGER-LINK",
            severity="error",
            sentence=f"{link.name}: {link.role} leads to {link.target}, which is no record.",
            place=Place(column=link.role),
            remedy="Add the record it leads to first, or in the same write.",
        )
        for link in lost
    ]
    if findings:
        raise RefusedInput(
            "E-LEDGER-LINK", findings[0].sentence, place=findings[0].place, remedy=findings[0].remedy, findings=findings
        )
