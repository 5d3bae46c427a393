"""Everything about a draft that can be made before the write lock is taken: its bytes, its geometry, its columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import RefusedInput
from clearland.core.partial_dates import PartialDate
from clearland.core.sealing import is_commitment
from clearland.dictionary.model import Dictionary
from clearland.ledger import bodies
from clearland.ledger.drafts import Draft
from clearland.ledger.vocabulary import KindColumns, columns_of

SENSITIVITIES = frozenset({"public", "partner", "programme", "restricted", "sealed"})


_NO_LINKS: dict[str, Sequence[UUID]] = {}


class Prepared(NamedTuple):
    """A draft with its parts of the body and its projection columns; plain values, so that many can wait in a file.

    `hex` is the record's UUID without hyphens, `sensitivity` the draft's own or its kind's, `middle` and `tail` are parts of
    the body (`bodies`), `bounds` min x, min y, max x, max y in degrees.
    """

    hex: str
    kind: str
    local_id: str
    state: str
    origin: str
    based_on: UUID | None
    known_at: datetime | None
    sensitivity: str
    links: Mapping[str, Sequence[UUID]]
    attributes: str
    middle: str
    tail: str
    wkb: bytes | None
    bounds: Sequence[float] | None
    valid_from: str | None
    valid_to: str | None
    place: str
    organisation: str

    @property
    def record(self) -> UUID:
        """The record it is a state of."""
        return UUID(self.hex)

    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.kind} {self.local_id or self.record}"

    @property
    def draft(self) -> Draft:
        """The draft it was made from, with its class said."""
        return Draft(
            record=self.record, kind=self.kind, local_id=self.local_id, attributes=json.loads(self.attributes),
            links=self.links, geometry=None if self.wkb is None else shapely.from_wkb(self.wkb), state=self.state,
            sensitivity=self.sensitivity, based_on=self.based_on, known_at=self.known_at, origin=self.origin,
        )  # fmt: skip

    def body(self, known_at: str, source: str | None, origin: str) -> bytes:
        """The canonical bytes for a moment (`bodies.moment_text`), a source and a place in it."""
        head = bodies.head_part(self.attributes, self.kind)
        return bodies.body_bytes((head, self.middle, self.tail), known_at, origin, source, self.state)


def _prepared(
    draft: Draft, columns: KindColumns, wkb: bytes | None, bounds: Sequence[float] | None, *, checked: bool
) -> Prepared:
    sensitivity = draft.sensitivity or columns.sensitivity
    if sensitivity not in SENSITIVITIES:
        raise RefusedInput("E-LEDGER-CLASS", f"{name_of(draft)}: there is no sensitivity class {sensitivity!r}.")
    links = {role: targets for role, targets in draft.links.items() if targets} if draft.links else _NO_LINKS
    if not checked:
        _check_names(draft, columns)
    values, record = draft.attributes, str(draft.record)
    return Prepared(
        record.replace("-", ""), draft.kind, draft.local_id, draft.state, draft.origin, draft.based_on, draft.known_at,
        sensitivity, links, _attributes(draft), bodies.middle_part(bodies.links_text(links), draft.local_id),
        bodies.tail_part(record, sensitivity), wkb, bounds,
        first_day(values.get(columns.valid_from)) if columns.valid_from else None,
        last_day(values.get(columns.valid_to)) if columns.valid_to else None,
        _named(columns.place, values, links) if columns.place else "",
        _named(columns.organisation, values, links) if columns.organisation else "",
    )  # fmt: skip


def draft_of(body: bytes, geometry: BaseGeometry | None) -> Draft:
    """The draft that an entry's body and geometry were made from."""
    values = json.loads(body)
    return Draft(
        record=UUID(values["record"]),
        kind=values["kind"],
        local_id=values["local_id"],
        attributes=values["attributes"],
        links={role: tuple(UUID(target) for target in targets) for role, targets in values["links"].items()},
        geometry=geometry,
        state=values["state"],
        sensitivity=values["sensitivity"],
        origin=values.get("origin", ""),
    )


def name_of(draft: Draft) -> str:
    """How a draft is called in messages."""
    return f"{draft.kind} {draft.local_id or draft.record}"


def first_day(value: object) -> str | None:
    """The first day a date, partial date or datetime text can mean, as YYYY-MM-DD."""
    return _days(value)[0] if isinstance(value, str) and value else None


def last_day(value: object) -> str | None:
    """The last day it can mean, as YYYY-MM-DD."""
    return _days(value)[1] if isinstance(value, str) and value else None


@lru_cache(maxsize=8_192)
def _days(value: str) -> tuple[str, str]:
    try:
        partial = PartialDate.parse(value[:10])
    except ValueError as error:
        raise RefusedInput("E-LEDGER-DATE", f"{value!r} is no date.", remedy="Write YYYY, YYYY-MM or YYYY-MM-DD.") from error
    return partial.first.isoformat(), partial.last.isoformat()


def _named(field: str, attributes: Mapping[str, Any], links: Mapping[str, Sequence[UUID]]) -> str:
    """The text of a place or organisation field: an attribute, or the first target of a link."""
    value = attributes.get(field)
    if value is None:
        targets = links.get(field)
        return str(min(targets, key=str)) if targets else ""
    return value if isinstance(value, str) else str(value[0]) if isinstance(value, list) and value else ""


def _attributes(draft: Draft) -> str:
    try:
        return bodies.attributes_text(draft.attributes)
    except bodies.UnfitValue as fault:
        raise RefusedInput(
            "E-LEDGER-VALUE",
            f"{name_of(draft)}: {fault}.",
            remedy="Give text, whole numbers, true, false or lists of these; decimals as text; leave out what is absent.",
        ) from fault


def _check_names(draft: Draft, columns: KindColumns) -> None:
    """Nothing enters a body that the dictionary does not define."""
    if not (columns.attributes.issuperset(draft.attributes) and columns.roles.issuperset(draft.links)):
        unknown = {*draft.attributes} - columns.attributes | {*draft.links} - columns.roles
        raise RefusedInput(
            "E-LEDGER-FIELD",
            f"{name_of(draft)}: this kind has no field {', '.join(sorted(unknown))}.",
            remedy="Correct the name, or add the field with a dictionary overlay.",
        )
    if plain := [name for name in columns.sealed.intersection(draft.attributes) if not is_commitment(draft.attributes[name])]:
        raise RefusedInput(
            "E-LEDGER-SEALED",
            f"{name_of(draft)}: {', '.join(sorted(plain))} tells who a person is.",
            remedy="Leave it out: an entry is for ever, and what names a person never enters one in plain text.",
        )
    if draft.geometry is not None and not columns.with_geometry:
        raise RefusedInput("E-LEDGER-GEOMETRY", f"{name_of(draft)}: this kind has no geometry.")


def prepare(drafts: Iterable[Draft], dictionary: Dictionary, *, checked: bool = False) -> list[Prepared]:
    """All drafts prepared, in order. Raises RefusedInput for the first that cannot be an entry.

    `checked` is for states read back from entries: a record may stand in many, and a dictionary may have lost a field.
    """
    listed = list(drafts)
    columns = {kind: columns_of(dictionary.kind(kind)) for kind in {draft.kind for draft in listed}}
    shapes = np.array([draft.geometry for draft in listed], dtype=object)
    wkbs = shapely.to_wkb(shapes, byte_order=1, output_dimension=2)
    bounds = shapely.bounds(shapes)
    present = shapely.is_geometry(shapes)
    inside = (bounds[:, 0] >= -180) & (bounds[:, 1] >= -90) & (bounds[:, 2] <= 180) & (bounds[:, 3] <= 90)
    outside = np.flatnonzero(present & ~inside)
    if outside.size:
        raise RefusedInput(
            "E-LEDGER-COORDINATES",
            f"{name_of(listed[outside[0]])}: its geometry is empty or lies outside longitude ±180, latitude ±90.",
            remedy="Give longitude and latitude in degrees (EPSG:4326).",
        )
    if not checked:
        _refuse_repeats(listed)
    boxes = bounds.tolist()
    return [
        _prepared(draft, columns[draft.kind], wkb, box if there else None, checked=checked)
        for draft, wkb, box, there in zip(listed, wkbs, boxes, present.tolist(), strict=True)
    ]


def _refuse_repeats(drafts: Sequence[Draft]) -> None:
    if len({draft.record for draft in drafts}) == len(drafts):
        return
    seen: set[UUID] = set()
    for draft in drafts:
        if draft.record in seen:
            raise twice(name_of(draft))
        seen.add(draft.record)


def twice(name: str) -> RefusedInput:
    """What is said of a record of which one write holds two states."""
    return RefusedInput("E-LEDGER-TWICE", f"{name} stands twice in one write.", remedy="Write its states one after the other.")
