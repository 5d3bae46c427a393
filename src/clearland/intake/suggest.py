"""A mapping without a mapping file: taken when every column is named as the dictionary names its fields, else proposed.

Only exact names are taken by themselves (field names, labels in any language); likenesses are proposals for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from clearland.core.errors import Finding, RefusedInput
from clearland.dictionary.envelope import OWN_PREFIX
from clearland.dictionary.model import Dictionary, Kind
from clearland.intake.folding import fold
from clearland.intake.mapping import ALL_FOLDS, FieldSource, GeometrySource, LinkSource, Mapping
from clearland.intake.mapping_shape import nearest
from clearland.intake.proposal import likeliest_kind, propose
from clearland.intake.tables import Hints, Table

_LOCAL_ID = frozenset({"local id", "id", "yerli id", "местный номер"})
_LONGITUDE = frozenset({"longitude", "lon", "lng", "long", "x", "долгота", "uzunluq"})
_LATITUDE = frozenset({"latitude", "lat", "y", "широта", "enlik"})
_WKT = frozenset({"wkt", "geometry", "geom"})


@dataclass
class Guess:
    """What column names say: sure matches, likely ones, and columns that match nothing."""

    kind: Kind
    sure: dict[str, str] = field(default_factory=dict)
    likely: dict[str, str] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    local_id: str | None = None
    geometry: GeometrySource = field(default_factory=GeometrySource)

    @property
    def missing(self) -> list[str]:
        """Obligatory fields that no column gives."""
        return [each.name for each in self.kind.fields if each.obligation == "M" and each.name not in self.sure]


def guess(table: Table, kind: Kind) -> Guess:
    """Columns matched with the fields of a kind by name or label."""
    by_word = {word: each.name for each in kind.fields for word in _words(each.name, *each.labels.values())}
    found = Guess(kind)
    axes: dict[str, str] = {}
    for column in table.columns:
        if column.startswith(OWN_PREFIX):
            continue  # a status that this system wrote beside the rows
        word = _word(column)
        if word in by_word and by_word[word] not in found.sure:
            found.sure[by_word[word]] = column
        elif word in _LOCAL_ID and found.local_id is None:
            found.local_id = column
        elif word in _LONGITUDE | _LATITUDE | _WKT:
            axis = "longitude" if word in _LONGITUDE else "latitude" if word in _LATITUDE else "wkt"
            axes.setdefault(axis, column)
        else:
            close = nearest(word, list(by_word))
            if close and by_word[close] not in found.likely.values():
                found.likely[column] = by_word[close]
            else:
                found.unmatched.append(column)
    found.likely = {column: name for column, name in found.likely.items() if name not in found.sure}
    if kind.geometry != "none" and ({"longitude", "latitude"} <= axes.keys()):
        found.geometry = GeometrySource(longitude=axes["longitude"], latitude=axes["latitude"])
    elif kind.geometry != "none" and "wkt" in axes:
        found.geometry = GeometrySource(wkt=axes["wkt"])
    return found


def automatic_mappings(tables: Sequence[Table], kind_name: str | None, dictionary: Dictionary) -> tuple[Mapping, ...]:
    """A mapping per table whose columns are all named as the dictionary names them.

    Raises RefusedInput E-MAP-NONE with a starter mapping among its findings (`values["mapping"]`) where they are not.
    """
    mappings = []
    for table in tables:
        kind = dictionary.kind(kind_name) if kind_name else None
        found = guess(table, kind) if kind else None
        if found is None or found.likely or found.unmatched or found.missing or found.local_id is None:
            raise _refused(tables, table, kind_name, dictionary, found)
        mappings.append(_mapping_of(found, table))
    return tuple(mappings)


def starter_mapping(table: Table, dictionary: Dictionary, kind_name: str | None = None) -> str:
    """YAML to start a mapping file from: what was recognised, with the open questions as comments."""
    kind = dictionary.kind(kind_name) if kind_name else likeliest_kind(table, dictionary)
    proposal = propose(table, dictionary, kind)
    text = yaml.safe_dump(proposal.content, allow_unicode=True, sort_keys=False, width=110)
    return "\n".join([text.rstrip(), *(f"# {' '.join(note.split())}" for note in proposal.notes), ""])


def _mapping_of(found: Guess, table: Table) -> Mapping:
    kind = found.kind
    fields = {name: FieldSource(columns=(column,)) for name, column in found.sure.items() if not kind.field(name).is_link}
    links = {
        name: LinkSource(column=column, kind=kind.field(name).target_kind or "")
        for name, column in found.sure.items()
        if kind.field(name).is_link
    }
    return Mapping(
        kind=kind.name,
        sheet=table.sheet,
        hints=Hints(),
        local_id=found.local_id,
        fields=fields,
        links=links,
        geometry=found.geometry,
    )


def _refused(
    tables: Sequence[Table], table: Table, kind_name: str | None, dictionary: Dictionary, found: Guess | None
) -> RefusedInput:
    if found is None:
        sentence = "Neither a mapping nor a kind was named, so nothing says what the rows are."
    elif found.local_id is None:
        sentence = f"No column is called local_id, so rows of {found.kind.name} would not be known again."
    elif found.missing:
        sentence = f"No column gives {', '.join(found.missing)}, which {found.kind.name} must have."
    else:
        sentence = f"These columns are no fields of {found.kind.name}: {', '.join([*found.likely, *found.unmatched])}."
    starters = tuple(
        Finding(
            code="I-MAP-STARTER",
            severity="info",
            sentence="A mapping to start from.",
            place=each.place(),
            remedy="Save it as a YAML file, complete it, and add the file with `--mapping`.",
            values={"mapping": starter_mapping(each, dictionary, kind_name)},
        )
        for each in tables
    )
    return RefusedInput(
        "E-MAP-NONE",
        sentence,
        place=table.place(),
        findings=starters,
        remedy="Write a mapping (`--mapping FILE.yaml`); `clearland check` prints one to start from.",
    )


def _word(text: str) -> str:
    return fold(text.replace("_", " "), ALL_FOLDS)


def _words(*texts: str) -> list[str]:
    return [_word(text) for text in texts]
