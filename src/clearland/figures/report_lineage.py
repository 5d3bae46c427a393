"""What the figures of a report rest on, record by record: kept with an edition, compared between two."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from clearland.figures.indicators import contributions, indicator
from clearland.figures.model import Figure
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.snapshot_columns import quoted

SCHEMA = pa.schema(
    [("figure", pa.string()), ("entry", pa.string()), ("record", pa.string()), ("kind", pa.string()),
     ("local_id", pa.string()), ("amount", pa.float64()), ("first", pa.date32()), ("last", pa.date32())]
)  # fmt: skip


def figure_key(figure: Figure) -> str:
    """A figure whatever is known of it: `CODE?SCOPE` without the date of knowledge and the head."""
    pairs = {name: value for name, value in figure.scope.as_json().items() if name != "as_known"}
    return f"{figure.code}?{'&'.join(f'{name}={value}' for name, value in pairs.items())}"


def lineage_of(snapshot: Snapshot, figures: Iterable[Figure]) -> pa.Table:
    """Every contribution of every figure, in the order of figure and entry."""
    every = {figure_key(figure): figure for figure in figures}
    parts = []
    for name in sorted(every):
        figure = every[name]
        rows = contributions(snapshot, figure.code, figure.scope)
        if not rows.num_rows or "entry" not in rows.column_names:
            continue
        found = snapshot_join(snapshot, rows, _kinds(snapshot, figure.code))
        parts.append(found.append_column("figure", pa.array([name] * found.num_rows, pa.string())).select(SCHEMA.names))
    return pa.concat_tables([part.cast(SCHEMA) for part in parts]) if parts else SCHEMA.empty_table()


def snapshot_join(snapshot: Snapshot, rows: pa.Table, kinds: Sequence[str]) -> pa.Table:
    """Contributions with the record behind each: its id, kind and local id."""
    named = " UNION ALL ".join(
        f"SELECT entry, record, '{kind}' AS kind, local_id FROM {quoted(f'{kind}_history')}"
        for kind in kinds
    )
    entries = rows["entry"].to_pylist()
    amounts = [float(value or 0) for value in rows["amount"].to_pylist()]
    days = {name: rows[name].to_pylist() for name in ("first", "last")}
    found: pa.Table = snapshot.sql(
        f"""WITH given AS (SELECT unnest(CAST(? AS VARCHAR[])) AS entry, unnest(CAST(? AS DOUBLE[])) AS amount,
                           unnest(CAST(? AS DATE[])) AS first, unnest(CAST(? AS DATE[])) AS last),
                 named AS (SELECT entry, any_value(record) AS record, any_value(kind) AS kind, any_value(local_id) AS local_id
                           FROM ({named}) SEMI JOIN given USING (entry) GROUP BY entry)
            SELECT entry, any_value(record) AS record, any_value(kind) AS kind, any_value(local_id) AS local_id,
                   sum(amount) AS amount, min(first) AS first, max(last) AS last
            FROM given LEFT JOIN named USING (entry) GROUP BY entry ORDER BY entry""",
        [entries, amounts, days["first"], days["last"]],
    )
    return found


def _kinds(snapshot: Snapshot, code: str) -> Sequence[str]:
    found = [name for name in indicator(snapshot, code).sources if name in snapshot.dictionary.kinds]
    return found or ["hazard", "land_release"]
