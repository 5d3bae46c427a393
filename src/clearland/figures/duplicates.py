"""What people said is told twice: records that figures leave out because another record tells of the same thing.

    duplicate   record, entry, kind: what is told again; kept, kept_entry: the record that counts for it

Of an accident, a victim or an organisation the record that counts is counted and the others are not. The ground of two
hazards that are one is what both outlines cover, which the partition counts once as it is; a product that names one of
them names both, and of a hazard without an outline what was reported counts once.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from clearland.checks.matching.scoring import clusters
from clearland.checks.model import Noted
from clearland.ledger.snapshot import Snapshot

_SCHEMA = pa.schema([(name, pa.string()) for name in ("record", "entry", "kind", "kept", "kept_entry")])
_OF_PAIRS = frozenset({"R-NEAR-DUPLICATE", "R-VICTIM-TWICE"})
_SAME = "SELECT one_record, other_record, counted_record FROM record_match WHERE verdict = 'same' ORDER BY record"


def told_again(snapshot: Snapshot, kind: str = "") -> dict[str, str]:
    """Record -> the one that counts for it, as known on the snapshot's date; of one kind where asked."""
    where = " WHERE kind = ?" if kind else ""
    prepare_duplicates(snapshot)
    found = snapshot.sql(f"SELECT record, kept FROM duplicate{where}", [kind] if kind else None)
    return dict(zip(found["record"].to_pylist(), found["kept"].to_pylist(), strict=True))


def any_told_again(snapshot: Snapshot) -> bool:
    """Whether anything is; false for nearly every programme, and cheap to ask."""
    prepare_duplicates(snapshot)
    return bool(snapshot.sql("SELECT count(*) AS n FROM duplicate")["n"][0].as_py())


def prepare_duplicates(snapshot: Snapshot) -> None:
    """Make the table `duplicate` known to the snapshot's SQL."""
    snapshot.derive("duplicate", lambda: _table(snapshot))


def _table(snapshot: Snapshot) -> pa.Table:
    same = snapshot.sql(_SAME).to_pylist()
    kept = clusters(_directed(row) for row in same)
    standing = _standing(snapshot, {*kept, *kept.values()}) if kept else {}
    rows = [
        {"record": record, "entry": standing[record][0], "kind": standing[record][1], "kept": counts,
         "kept_entry": standing[counts][0]}
        for record, counts in sorted(kept.items())
        if record in standing and counts in standing  # where the one that counts was withdrawn the other counts again
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _directed(row: Mapping[str, str]) -> tuple[str, str]:
    """The record told again, then the one that counts."""
    counts = row["counted_record"] or row["one_record"]
    return (row["other_record"] if counts == row["one_record"] else row["one_record"]), counts


def _standing(snapshot: Snapshot, records: set[str]) -> dict[str, tuple[str, str]]:
    """Entry and kind of the records that count on the snapshot's date."""
    targets = snapshot.dictionary.kind("record_match").field("one_record").target_kinds
    union = " UNION ALL ".join(f"SELECT record, entry, '{kind}' AS kind FROM \"{kind}\"" for kind in targets)
    found = snapshot.sql(f"SELECT * FROM ({union}) WHERE list_contains(?, record)", [sorted(records)]).to_pylist()
    return {row["record"]: (row["entry"], row["kind"]) for row in found}


def undecided(snapshot: Snapshot, noted: Iterable[Noted]) -> list[Noted]:
    """What rules noted, without possible duplicates of which a person said whether they are."""
    known = snapshot.sql("SELECT one_record, other_record FROM record_match WHERE verdict <> 'not_sure'")
    pairs = {frozenset(pair) for pair in zip(known["one_record"].to_pylist(), known["other_record"].to_pylist(), strict=True)}
    return [one for one in noted if one.finding.code not in _OF_PAIRS or frozenset((one.record, *one.others)) not in pairs]


def named_with_mates(snapshot: Snapshot, products: pa.Table) -> pa.Table:
    """Rows of released polygons in which a product that names one of several records of a hazard names all of them.

    `entry` gets the names that were added, since it is the stamp by which two states of a product are told apart.
    """
    kept = told_again(snapshot, "hazard")
    if not kept:
        return products
    cluster: dict[str, set[str]] = {}
    for record, counts in kept.items():
        cluster.setdefault(counts, {counts}).add(record)
    mates = {record: members for members in cluster.values() for record in members}
    named, stamps = [], []
    for names, entry in zip(products["hazards"].to_pylist(), products["entry"].to_pylist(), strict=True):
        every = sorted(set(names or ()).union(*(mates.get(name, ()) for name in names or ())))
        added = [name for name in every if name not in (names or ())]
        named.append(every if added else names)
        stamps.append(" ".join([entry, *added]))
    for name, values, type_ in (("hazards", named, pa.list_(pa.string())), ("entry", stamps, pa.string())):
        products = products.set_column(products.column_names.index(name), name, pa.array(values, type=type_))
    return products
