"""Everything about a draft that can be made before the write lock is taken: its bytes, its geometry, its columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import RefusedInput
from clearland.core.partial_dates import PartialDate
from clearland.dictionary.model import Dictionary
from clearland.ledger import bodies
from clearland.ledger.drafts import Draft
from clearland.ledger.vocabulary import KindColumns, columns_of

SENSITIVITIES = frozenset({"public", "partner", "programme", "restricted", "sealed"})


_NO_LINKS: dict[str, Sequence[UUID]] = {}


class Prepared:
    """A draft with its parts of the body and its projection columns."""

    __slots__ = (
        "attributes", "bounds", "draft", "links", "organisation", "parts", "place", "sensitivity", "valid_from",
        "valid_to", "wkb",
    )  # fmt: skip

    def __init__(
        self, draft: Draft, columns: KindColumns, wkb: bytes | None, bounds: Sequence[float] | None, *, checked: bool
    ) -> None:
        self.draft = draft
        self.wkb = wkb
        self.bounds = bounds
        self.sensitivity = draft.sensitivity or columns.sensitivity
        if self.sensitivity not in SENSITIVITIES:
            raise RefusedInput("E-LEDGER-CLASS", f"{name_of(draft)}: there is no sensitivity class {self.sensitivity!r}.")
        self.links = {role: targets for role, targets in draft.links.items() if targets} if draft.links else _NO_LINKS
        if not checked:
            _check_names(draft, columns)
        self.attributes = _attributes(draft)
        self.parts = (
            bodies.head_part(self.attributes, draft.kind),
            bodies.middle_part(bodies.links_text(self.links), draft.local_id),
            bodies.tail_part(draft.record, self.sensitivity),
        )
        values = draft.attributes
        self.valid_from = first_day(values.get(columns.valid_from)) if columns.valid_from else None
        self.valid_to = last_day(values.get(columns.valid_to)) if columns.valid_to else None
        self.place = _named(columns.place, values, self.links) if columns.place else ""
        self.organisation = _named(columns.organisation, values, self.links) if columns.organisation else ""

    def name(self) -> str:
        """How it is called in messages."""
        return name_of(self.draft)

    def body(self, known_at: str, source: str | None, origin: str) -> bytes:
        """The canonical bytes for a moment (`bodies.moment_text`), a source and a place in it."""
        return bodies.body_bytes(self.parts, known_at, origin, source, self.draft.state)


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
    if not columns.sealed.isdisjoint(draft.attributes):
        raise RefusedInput(
            "E-LEDGER-SEALED",
            f"{name_of(draft)}: {', '.join(sorted(columns.sealed & {*draft.attributes}))} tells who a person is.",
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
        Prepared(draft, columns[draft.kind], wkbs[i], boxes[i] if present[i] else None, checked=checked)
        for i, draft in enumerate(listed)
    ]


def _refuse_repeats(drafts: Sequence[Draft]) -> None:
    if len({draft.record for draft in drafts}) == len(drafts):
        return
    seen: set[UUID] = set()
    for draft in drafts:
        if draft.record in seen:
            raise RefusedInput(
                "E-LEDGER-TWICE",
                f"{name_of(draft)} stands twice in one write.",
                remedy="Write its states one after the other.",
            )
        seen.add(draft.record)
