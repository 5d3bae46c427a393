"""Links that a sheet gives by local id, found among the rows of the same file and in the ledger (rule 86)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from clearland.intake.code_columns import split_parts
from clearland.intake.digests import Alike, Positions, digest
from clearland.intake.existing import Linked
from clearland.intake.mapping import ANY_KIND, LinkSource
from clearland.intake.reading import Reading


class LocalIds:
    """Which record a local id of the same file names; the first row that bears it. Thirty-two bytes a row."""

    def __init__(self) -> None:
        self._named = Alike()
        self._records = bytearray()
        self._order: Positions | None = None

    def add(self, kind: str, local_ids: Sequence[str], records: Sequence[UUID | None]) -> None:
        """Some more rows of a kind."""
        there = [(local_id, record) for local_id, record in zip(local_ids, records, strict=True) if record is not None]
        self._named.add(_named(kind, local_id) for local_id, _ in there)
        self._records += b"".join([record.bytes for _, record in there])

    def find(self, kind: str, local_id: str) -> UUID | None:
        """The record, or None where no row of the file bears that id."""
        if self._order is None:
            self._order = self._named.ordered()[0]
        wanted = digest(_named(kind, local_id))
        at = bisect_left(self._order, wanted, key=self._named.of)
        if at == len(self._order) or self._named.of(self._order[at]) != wanted:
            return None
        place = int(self._order[at]) * len(wanted)
        return UUID(bytes=bytes(self._records[place : place + len(wanted)]))


def _named(kind: str, local_id: str) -> str:
    return f"{kind}\x1f{local_id}"


def resolve_links(reading: Reading, locals_of_file: LocalIds, linked: Linked) -> list[dict[str, frozenset[UUID]]]:
    """Role -> records per row. A local id that nobody has is an error: both ends of a link exist."""
    per_row: list[dict[str, frozenset[UUID]]] = [{} for _ in range(len(reading.table))]
    for role, source in reading.mapping.links.items():
        named = [
            [str(source.codes.get(part, part)) for part in split_parts(cell, source.separator)] if cell is not None else []
            for cell in reading.cells(source.column)
        ]
        wanted: dict[str, set[str]] = defaultdict(set)
        inside: dict[tuple[str, str], UUID] = {}
        for end in {_end(source, name) for names in named for name in names}:
            if record := locals_of_file.find(*end):
                inside[end] = record
            elif end[0] in reading.dictionary.kinds:
                wanted[end[0]].add(end[1])
        known = {kind: linked(kind, local_ids) for kind, local_ids in wanted.items()}
        for index, names in enumerate(named):
            targets = set()
            for name in names:
                kind, local_id = _end(source, name)
                record = inside.get((kind, local_id)) or known.get(kind, {}).get(local_id)
                if record is None:
                    reading.wrong(
                        "E-LINK-NONE",
                        index,
                        source.column,
                        f"There is no {kind or 'record'} with the local id {local_id!r}.",
                        "Add that record first, or correct the id; both ends of a link must exist.",
                    )
                else:
                    targets.add(record)
            if targets:
                per_row[index][role] = frozenset(targets)
    return per_row


def _end(source: LinkSource, name: str) -> tuple[str, str]:
    """Kind and local id that a name in the sheet means."""
    if source.kind != ANY_KIND:
        return source.kind, name
    kind, _, local_id = name.partition(":")
    return kind.strip(), local_id.strip()
