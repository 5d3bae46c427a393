"""Claims that do not agree, found in a snapshot: the pure comparison of `claims.compare` over the claims held."""

from collections.abc import Iterable, Mapping, Sequence

from clearland.claims.compare import disagreements
from clearland.claims.comparison import Comparison, Key, key
from clearland.claims.corrections import Around, Surroundings
from clearland.claims.model import Claim, Scope, Value
from clearland.claims.witnesses import witnesses
from clearland.ledger.snapshot import Snapshot

SHOWN = ("contradicts", "retracts", "corrects", "denies", "explains", "tension")
_IN_ORDER = 'ORDER BY source, start, "end", ref'


def claims_of(snapshot: Snapshot) -> list[tuple[Claim, dict[str, object]]]:
    """Every claim of a snapshot with its row (source, title, publisher, page, quote), in order of source and place."""
    rows = snapshot.sql(f"SELECT * EXCLUDE (before, after) FROM claim {_IN_ORDER}").to_pylist()
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
    """What is worth a person's eye among all claims known on the snapshot's date, but those that a person rejected: where
    claims differ or one denies another, where a claimant corrects or takes back its own, where a source explains."""
    return [each for each in compared(snapshot) if each.kind in SHOWN]


def compared(snapshot: Snapshot) -> list[Comparison]:
    """Every comparison of the claims that nobody rejected, of every kind."""
    held = [(claim, row) for claim, row in claims_of(snapshot) if row["judgement"] != "rejected"]
    return disagreements([claim for claim, _row in held], surroundings(snapshot, held))


def surroundings(snapshot: Snapshot, held: Sequence[tuple[Claim, Mapping[str, object]]]) -> Surroundings:
    """The words around the claims of a snapshot, by the claim. They stay in columns until somebody asks."""
    near = snapshot.sql(f"SELECT ref, before, quote, after FROM claim {_IN_ORDER}")
    at = {ref: number for number, ref in enumerate(near["ref"].to_pylist())}
    place = {key(claim): at[str(row["ref"])] for claim, row in held}

    def around(claim: Claim) -> Around | None:
        number = place.get(key(claim))
        if number is None:
            return None
        before, words, after = (str(near[name][number].as_py() or "") for name in ("before", "quote", "after"))
        return Around(before, words, after)

    return around


def witnessed(comparisons: Iterable[Comparison], claims: Iterable[Claim]) -> dict[Key, int]:
    """Per claim, how many independent witnesses stand behind it: itself and those that confirm it or print its words."""
    kin: dict[Key, list[Claim]] = {key(claim): [claim] for claim in claims}
    for each in comparisons:
        if each.kind in ("confirms", "same_source"):
            for side, other in ((each.left, each.right), (each.right, each.left)):
                if key(side) in kin:
                    kin[key(side)].append(other)
    return {at: witnesses(several) for at, several in kin.items()}
