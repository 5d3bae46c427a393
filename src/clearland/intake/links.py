"""Links that a sheet gives by local id, found among the rows of the same file and in the ledger (rule 86)."""

from collections import defaultdict
from collections.abc import Mapping as MappingType
from uuid import UUID

from clearland.intake.code_columns import split_parts
from clearland.intake.existing import Linked
from clearland.intake.mapping import ANY_KIND, LinkSource
from clearland.intake.reading import Reading


def resolve_links(
    reading: Reading, locals_of_file: MappingType[tuple[str, str], UUID], linked: Linked
) -> list[dict[str, frozenset[UUID]]]:
    """Role -> records per row. A local id that nobody has is an error: both ends of a link exist."""
    per_row: list[dict[str, frozenset[UUID]]] = [{} for _ in range(len(reading.table))]
    for role, source in reading.mapping.links.items():
        named = [
            [str(source.codes.get(part, part)) for part in split_parts(cell, source.separator)] if cell is not None else []
            for cell in reading.cells(source.column)
        ]
        wanted: dict[str, set[str]] = defaultdict(set)
        for end in {_end(source, name) for names in named for name in names}:
            if end not in locals_of_file and end[0] in reading.dictionary.kinds:
                wanted[end[0]].add(end[1])
        known = {kind: linked(kind, local_ids) for kind, local_ids in wanted.items()}
        for index, names in enumerate(named):
            targets = set()
            for name in names:
                kind, local_id = _end(source, name)
                record = locals_of_file.get((kind, local_id)) or known.get(kind, {}).get(local_id)
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
