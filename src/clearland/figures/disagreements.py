"""Claims that do not agree, found in a snapshot: the pure comparison of `claims.compare` over the claims held."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from clearland.claims.compare import disagreements
from clearland.claims.comparison import Comparison, Key, key
from clearland.claims.corrections import Around, Surroundings
from clearland.claims.model import Claim, Scope, Value
from clearland.claims.reasons import Reason
from clearland.claims.witnesses import witnesses
from clearland.dictionary.known_names import NameBook
from clearland.dictionary.model import Dictionary
from clearland.figures.labels import attribute_label, member_label
from clearland.ledger.names import name_book
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
    return by_bearers(disagreements, held, names_of(snapshot), surroundings(snapshot, held))


def in_words(why: Reason, dictionary: Dictionary, language: str) -> str:
    """A reason as a reader sees it: the codes in it by their words."""

    def label(code: str) -> str:
        if "." in code:
            return attribute_label(dictionary, code, language)
        return member_label(dictionary, code.replace("-", "_"), language)

    return why.say(language, label)


def names_of(snapshot: Snapshot) -> NameBook:
    """The names that a snapshot knows: shipped ones, those of its organisations and places, and what people decided."""
    said = (snapshot.sql(f"SELECT * FROM {kind}").to_pylist() for kind in ("organisation", "place", "name_match"))
    return name_book(*said)


def by_bearers(
    compare: Callable[[list[Claim], Surroundings], list[Comparison]], held: Sequence[tuple[Claim, Mapping[str, object]]],
    book: NameBook, around: Surroundings,
) -> list[Comparison]:
    """Comparisons made with every claimant, subject and actor under the first name of whoever bears the name; the sides of
    each are the claims as their sources word them."""
    read = [_by_first_names(claim, book) for claim, _row in held]
    as_written = {key(one): claim for one, (claim, _row) in zip(read, held, strict=True)}
    made = compare(read, lambda claim: around(as_written.get(key(claim), claim)))
    told = []
    for each in made:
        sides = sorted((as_written[key(side)] for side in (each.left, each.right)), key=key)
        told.append(replace(each, left=sides[0], right=sides[1]))
    return told


def _by_first_names(claim: Claim, book: NameBook) -> Claim:
    claimant = _first_name(book, claim.claimant) if claim.claimant else claim.claimant
    actors = tuple(sorted({_first_name(book, actor) for actor in claim.scope.actor}))
    places = tuple(sorted({_code(book, place) for place in claim.scope.place}))
    subject = _first_name(book, claim.subject)
    if (claimant, subject, actors, places) == (claim.claimant, claim.subject, claim.scope.actor, claim.scope.place):
        return claim
    return replace(claim, claimant=claimant, subject=subject, scope=replace(claim.scope, actor=actors, place=places))


def _first_name(book: NameBook, written: str) -> str:
    bearer = book.find(written, "organisation")
    return bearer.names[0].text if bearer else written


def _code(book: NameBook, written: str) -> str:
    bearer = book.find(written, "place")
    return bearer.code if bearer else written


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
