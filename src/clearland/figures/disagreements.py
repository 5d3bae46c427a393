"""Claims that do not agree, found in a snapshot: the pure comparison of `claims.compare` over the claims held."""

from clearland.claims.compare import Comparison, disagreements
from clearland.claims.model import Claim, Scope, Value
from clearland.ledger.snapshot import Snapshot


def claims_of(snapshot: Snapshot) -> list[tuple[Claim, dict[str, object]]]:
    """Every claim of a snapshot with its row (source, title, publisher, page, quote), in order of source and place."""
    rows = snapshot.sql('SELECT * FROM claim ORDER BY source, start, "end", ref').to_pylist()
    return [(_claim(row), row) for row in rows]


def _claim(row: dict[str, object]) -> Claim:
    values = {name: row[name] for name in (
        "file", "start", "end", "subject", "attribute", "value_status", "unit", "qualifier", "base", "period", "as_of",
        "polarity", "modality", "claimant", "stance", "quoted", "question", "table_cell", "footnote", "in_footnote",
        "cited_source",
    )}  # fmt: skip
    scope = Scope(
        place=tuple(row["place"] or ()), actor=tuple(row["actor"] or ()),  # type: ignore[arg-type]
        **{name: row[name] for name in ("device", "activity", "method", "population", "outcome", "definition")},  # type: ignore[arg-type]
    )  # fmt: skip
    return Claim(**values, value=_value(row), scope=scope)  # type: ignore[arg-type]


def _value(row: dict[str, object]) -> Value:
    number, text = row["value_number"], row["value_text"]
    if isinstance(number, float):
        return int(number) if number.is_integer() else number
    if text in ("true", "false"):
        return text == "true"
    return str(text) if text is not None else None


def found(snapshot: Snapshot) -> list[Comparison]:
    """Contradictions and tensions among all claims known on the snapshot's date, but those that a person rejected."""
    compared = disagreements([claim for claim, row in claims_of(snapshot) if row["judgement"] != "rejected"])
    return [each for each in compared if each.kind in ("contradicts", "tension")]
