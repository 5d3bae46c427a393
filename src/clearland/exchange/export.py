"""The records of one kind as they leave the ledger: as known on a day, cut for an audience, marked with both.

An `Export` holds columns of plain values that every writer turns into its own types. Links are written as the local ids
of the records they lead to (as `kind:local_id` where a field may lead to several kinds); a link to a record that the
audience may not see is left out and counted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from clearland.core.errors import ClearlandError, Finding, NotPermitted, Place
from clearland.dictionary import envelope
from clearland.dictionary.model import Dictionary, Kind
from clearland.dictionary.model import Field as DictionaryField
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope

ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "list"]
Value = str | int | bool | list[str] | None

_COLUMN_TYPES: Mapping[str, ColumnType] = {
    "integer": "integer", "decimal": "decimal", "boolean": "boolean", "date": "date", "codes": "list", "link": "list",
    "links": "list",
}  # fmt: skip
_EVERY_STATE = ("draft", "submitted", "verified", "approved", "returned", "superseded", "withdrawn")
SYNTHETIC_PREFIX = "SYN"  # invented records say so in their local ids (design section 11)
_AT_ONCE = 2_000  # names in one query; both databases take it


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its type, its label in English, its values (canonical, see `dictionary.values`)."""

    name: str
    type: ColumnType
    label: str
    values: list[Value]


@dataclass(frozen=True, kw_only=True)
class About:
    """What every file says of itself."""

    programme: str
    audience: str
    as_known: date
    head: str
    synthetic: bool = False

    def line(self, kind: Kind) -> str:
        """One line for people: what, whose, for whom, as known when."""
        parts = [
            kind.plural_label("en"), self.programme, *(["SYNTHETIC"] if self.synthetic else []), self.audience.upper(),
            f"as known on {self.as_known.isoformat()} - not for field use", f"ledger head {self.head[:12]}",
        ]  # fmt: skip
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Export:
    """Rows of one kind for one audience. `geometries` are in EPSG:4326, None per row without one and for kinds without."""

    kind: Kind
    about: About
    columns: tuple[Column, ...]
    geometries: Sequence[BaseGeometry | None]
    findings: tuple[Finding, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.geometries)

    @property
    def with_geometry(self) -> bool:
        """Whether records of the kind have a place at all."""
        return self.kind.geometry != "none"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(each for each in self.columns if each.name == name)


def narrowed_scope(scope: Scope, audience: str) -> Scope:
    """The actor's scope, no wider than the audience. Raises ClearlandError E-EXPORT-AUDIENCE, NotPermitted E-EXPORT-CLASS."""
    try:
        classes = envelope.classes_for(audience)
    except KeyError:
        raise ClearlandError(
            "E-EXPORT-AUDIENCE", f"There is no audience {audience!r}.", remedy=f"One of {', '.join(envelope.AUDIENCES)}."
        ) from None
    if not classes <= scope.classes:
        raise NotPermitted(
            "E-EXPORT-CLASS", f"{scope.actor.name} may not read what is {audience}, so cannot hand it on.",
            remedy="Choose a wider audience, or ask an administrator.",
        )  # fmt: skip
    return replace(scope, classes=classes)


def export(
    scope: Scope, dictionary: Dictionary, kind_name: str, about: About, *, as_known: date | None = None, unverified: bool = False
) -> Export:
    """The approved records of a kind as known at the end of D (None: today); `unverified` adds submitted and verified ones.

    Raises ClearlandError E-DICT-KIND, E-EXPORT-AUDIENCE; NotPermitted E-EXPORT-CLASS.
    """
    kind = dictionary.kind(kind_name)
    seen = narrowed_scope(scope, about.audience)
    states = ("approved", "submitted", "verified") if unverified else ("approved",)
    found = rows(seen, kind_name, as_known=as_known, states=states).order_by("local_id", "record__id", "known_from")
    lines = list(found.values_list("record__id", "state", "sensitivity", "entry__body", "geometry").iterator(chunk_size=_AT_ONCE))
    bodies = [json.loads(bytes(line[3])) for line in lines]
    fields = envelope.fields_for(kind, about.audience)
    targets = {UUID(target) for body in bodies for role in body["links"] for target in body["links"][role]}
    named = _names(seen, targets, as_known)
    columns = [
        Column(envelope.LOCAL_ID, "text", envelope.ABOUT_LABELS[envelope.LOCAL_ID], [body["local_id"] for body in bodies]),
        *(_field_column(each, bodies, named) for each in fields),
        _envelope(envelope.RECORD, (str(line[0]) for line in lines)),
        _envelope(envelope.STATE, (line[1] for line in lines)),
        _envelope(envelope.CLASS, (line[2] for line in lines)),
        _envelope(envelope.AUDIENCE, (about.audience.upper() for _ in lines)),
        _envelope(envelope.AS_KNOWN, (about.as_known.isoformat() for _ in lines)),
    ]
    invented = any(body["local_id"].startswith(SYNTHETIC_PREFIX) for body in bodies)
    return Export(
        kind=kind, about=replace(about, synthetic=invented), columns=tuple(columns), geometries=[line[4] for line in lines],
        findings=tuple(_said(kind, fields, bodies, named)),
    )  # fmt: skip


def _envelope(name: str, values: Iterable[str]) -> Column:
    return Column(name, "text", envelope.ABOUT_LABELS[name], list(values))


def _field_column(each: DictionaryField, bodies: Sequence[Mapping[str, Any]], named: Mapping[UUID, tuple[str, str]]) -> Column:
    column_type = _COLUMN_TYPES.get(each.type, "text")
    label = f"{each.label('en')} ({each.unit})" if each.unit else each.label("en")
    if not each.is_link:
        return Column(each.name, column_type, label, [body["attributes"].get(each.name) for body in bodies])
    several = each.target_kind is None
    values: list[Value] = []
    for body in bodies:
        ends = (named.get(UUID(target)) for target in body["links"].get(each.name, ()))
        written = sorted(f"{kind}:{local_id}" if several else local_id for kind, local_id in (end for end in ends if end))
        values.append(written or None)
    return Column(each.name, column_type, label, values)


def _names(scope: Scope, targets: Iterable[UUID], as_known: date | None) -> dict[UUID, tuple[str, str]]:
    """Record -> kind and local id of every link target that the scope may see, in whatever state it stands."""
    listed = sorted(targets, key=str)
    named: dict[UUID, tuple[str, str]] = {}
    for start in range(0, len(listed), _AT_ONCE):
        part = rows(scope, as_known=as_known, states=_EVERY_STATE).filter(record__id__in=listed[start : start + _AT_ONCE])
        found = part.order_by("known_from", "id").values_list("record__id", "kind", "local_id")
        named.update({record: (kind, local_id) for record, kind, local_id in found})
    return named


def _said(
    kind: Kind, fields: Sequence[DictionaryField], bodies: Sequence[Mapping[str, Any]], named: Mapping[UUID, tuple[str, str]]
) -> Iterator[Finding]:
    """What the audience does not get: fields left out, links that lead to records it may not see."""
    kept = {each.name for each in fields}
    cut = [each for each in kind.fields if each.name not in kept]
    if cut and bodies:
        yield Finding(
            code="I-EXPORT-FIELDS", severity="info", sentence=f"{len(cut)} fields are not for this audience and were left out: "
            f"{', '.join(each.name for each in cut)}.", values={"fields": len(cut)},
        )  # fmt: skip
    for each in fields:
        if not each.is_link:
            continue
        unseen = sum(UUID(target) not in named for body in bodies for target in body["links"].get(each.name, ()))
        if unseen:
            yield Finding(
                code="I-EXPORT-LINKS", severity="info", place=Place(column=each.name), values={"links": unseen},
                sentence=f"{unseen:,} links lead to records that are not for this audience and were left out.",
            )  # fmt: skip
