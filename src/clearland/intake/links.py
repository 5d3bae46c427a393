"""Links that a sheet gives by local id, found among the rows of the same file and in the ledger (rule 86)."""

from collections.abc import Mapping as MappingType
from uuid import UUID

from clearland.intake.code_columns import split_parts
from clearland.intake.existing import Linked
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
        wanted = {name for names in named for name in names if (source.kind, name) not in locals_of_file}
        known = linked(source.kind, wanted) if wanted else {}
        for index, names in enumerate(named):
            targets = set()
            for name in names:
                record = locals_of_file.get((source.kind, name)) or known.get(name)
                if record is None:
                    reading.wrong(
                        "E-LINK-NONE",
                        index,
                        source.column,
                        f"There is no {source.kind} with the local id {name!r}.",
                        "Add that record first, or correct the id; both ends of a link must exist.",
                    )
                else:
                    targets.add(record)
            if targets:
                per_row[index][role] = frozenset(targets)
    return per_row
