"""Two editions of somebody else's ledger, compared: as files with their mappings, or as the programme came to know them."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from clearland.core.errors import ClearlandError, Place
from clearland.dictionary.model import Dictionary, Kind
from clearland.figures.ledger_restatement import LedgerRestatement, Row, default_key, restate_ledger
from clearland.intake.mapping import Mapping, load_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.ledger.snapshot import Snapshot, snapshot

Span = tuple[date | None, date | None]
ALWAYS: Span = (None, None)


def restate_files(
    before: Path, after: Path, mappings: Sequence[Path], dictionary: Dictionary, *, key: Sequence[str] = (),
    span: Span = ALWAYS, today: date,
) -> LedgerRestatement:
    """Compare two files, each read by its mapping (one mapping serves both). Lines are told apart by `key`, else by the
    fields that the mappings' key columns fill. `span` keeps rows whose period lies in it.

    Raises RefusedInput where a file cannot be read, ClearlandError E-RESTATE-KIND where the two are of different kinds.
    """
    kind, earlier, told = _read(before, mappings[0], dictionary, today)
    other, later, _ = _read(after, mappings[-1], dictionary, today)
    if kind.name != other.name:
        raise ClearlandError(
            "E-RESTATE-KIND", f"{before.name} holds records of {kind.name}, {after.name} of {other.name}.",
            place=Place(file=after.name), remedy="Compare two editions of one ledger.",
        )  # fmt: skip
    editions = [_within(rows, kind, span) for rows in (earlier, later)]
    chosen = tuple(key) or told or default_key(kind, editions)
    return restate_ledger(*editions, kind=kind, key=chosen)


def restate_series(
    kind: str, series: str, editions: tuple[date, date], *, key: Sequence[str] = (), span: Span = ALWAYS
) -> LedgerRestatement:
    """Compare what a series said as known on two days. Raises ClearlandError E-DICT-KIND, E-DICT-FIELD for unknown names."""
    shots = [snapshot(as_known=day) for day in editions]
    told = shots[-1].dictionary.kind(kind)
    rows = [_within(_of_series(shot, told, series), told, span) for shot in shots]
    return restate_ledger(*rows, kind=told, key=tuple(key) or default_key(told, rows))


def series_editions(shot: Snapshot) -> list[dict[str, Any]]:
    """The full editions of each series that has two at least: `series`, `kind`, `received` (days, in order), `files`."""
    found = shot.sql(
        "SELECT series, list(received ORDER BY received) AS received, list(filename ORDER BY received) AS files, "
        "list(sha256) AS sources FROM source WHERE full_edition AND series <> '' "
        "GROUP BY series HAVING count(*) > 1 ORDER BY series"
    ).to_pylist()
    told = []
    for row in found:
        for kind in shot.dictionary.kinds.values():
            if kind.valid_from_field and _any_of(shot, kind, row["sources"]):
                told.append({**row, "kind": kind.name})
    return told


def _any_of(shot: Snapshot, kind: Kind, sources: Sequence[str]) -> bool:
    marks = ", ".join("?" for _ in sources)
    return bool(shot.sql(f'SELECT 1 FROM "{kind.name}" WHERE source IN ({marks}) LIMIT 1', list(sources)).num_rows)


def _of_series(shot: Snapshot, kind: Kind, series: str) -> list[Row]:
    rows: list[Row] = shot.sql(
        f'SELECT * FROM "{kind.name}" WHERE source IN (SELECT sha256 FROM source WHERE series = ?)', [series]
    ).to_pylist()
    own = {kind.place_field: "place", kind.organisation_field: "organisation"}
    # The ledger keeps place and organisation in columns of its own.
    return [{**row, **{name: row[column] for name, column in own.items() if name}} for row in rows]


def _read(path: Path, mapping: Path, dictionary: Dictionary, today: date) -> tuple[Kind, list[Row], tuple[str, ...]]:
    if not path.is_file():
        raise ClearlandError(
            "E-ADD-FILE", "There is no such file.", place=Place(file=str(path)), remedy="Check the name and the folder."
        )
    tables, fitted = open_file(path, load_mappings(mapping), dictionary)
    planned = plan(tables, fitted, dictionary, {}, Circumstances(today=today))
    planned.refuse_if_wrong()
    kind = dictionary.kind(fitted[0].kind)
    return kind, [draft.attributes for draft in planned.drafts], _key_fields(fitted[0], kind)


def _key_fields(mapping: Mapping, kind: Kind) -> tuple[str, ...]:
    """The fields of a kind that are filled from nothing but the mapping's key columns."""
    columns = set(mapping.key.columns) if mapping.key else set()
    told = {
        name for name, source in mapping.fields.items() if source.named_columns and columns.issuperset(source.named_columns)
    }
    return tuple(field.name for field in kind.fields if field.name in told)


def _within(rows: Iterable[Row], kind: Kind, span: Span) -> list[Row]:
    """Rows whose period lies in the span; rows without a date are in every span without ends only."""
    first, last = span
    kept = []
    for row in rows:
        start = str(row.get(kind.valid_from_field or "") or "")
        end = str(row.get(kind.valid_to_field or "") or "") or start
        # ISO dates of one form compare as text; a year or month alone begins with the text of what contains it.
        if (first is None or start >= first.isoformat()) and (last is None or (end and end <= last.isoformat())):
            kept.append(row)
    return kept
