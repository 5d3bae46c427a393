"""The rows of a database, or of layers, as one canonical file: the same rows give the same bytes, whatever their order.

    {"format": "clearland imsma rows 1", "origin": "imsma-ng", "tables": {name: {"columns": […], "rows": […]}}, "withheld": […]}

Values are texts as the database prints them, null where there is none. Columns and tables are sorted by name, rows by
their content. It holds nothing that tells who a person is: those columns are named under `withheld`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearland.core.errors import Place, RefusedInput

FORMAT = "clearland imsma rows 1"
MEDIA_TYPE = "application/json"
Row = dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Tables by name, each a list of rows by column."""

    origin: str
    tables: Mapping[str, Sequence[Row]]
    withheld: tuple[str, ...] = ()

    def table(self, name: str) -> Sequence[Row]:
        """The rows of a table; none where there is no such table."""
        return self.tables.get(name, ())


def to_bytes(rows: Rows) -> bytes:
    """The canonical file."""
    tables = {}
    for name, content in sorted(rows.tables.items()):
        columns = sorted({column for row in content for column in row})
        keys = (f"{name}_guid", "imsma_id", *columns)  # by key first: a row keeps its number when another of its cells changes
        lines = sorted(content, key=lambda row, keys=keys: [row.get(column) or "" for column in keys])  # type: ignore[misc]
        tables[name] = {"columns": columns, "rows": [[row.get(column) or None for column in columns] for row in lines]}
    whole = {"format": FORMAT, "origin": rows.origin, "withheld": sorted(rows.withheld), "tables": tables}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), indent=0) + "\n").encode()


def from_bytes(data: bytes, file: str) -> Rows:
    """The rows of a canonical file. Raises RefusedInput E-MOVE-DUMP."""
    try:
        whole = json.loads(data)
        known = {FORMAT: whole["tables"]}[whole["format"]]
        tables = {
            name: [dict(zip(table["columns"], line, strict=True)) for line in table["rows"]]
            for name, table in known.items()
        }
        return Rows(origin=whole["origin"], tables=tables, withheld=tuple(whole["withheld"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedInput(
            "E-MOVE-DUMP", f"This is no file of rows that a move has kept ({error}).", place=Place(file=file),
            remedy="Give a file geodatabase, a folder of CSV files, maXML, or rows kept by an earlier move.",
        ) from error


def is_dump(head: bytes) -> bool:
    """Whether a file begins like one of ours."""
    return head[:400].lstrip().startswith(b"{") and FORMAT.encode() in head[:400]
