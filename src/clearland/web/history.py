"""A record's entries told as changes: who, when, why, from which source, and what became what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from clearland.dictionary.model import Dictionary, Kind
from clearland.land.area import area_m2
from clearland.web import formats, labels
from clearland.web.access import Reading


@dataclass(frozen=True)
class Change:
    """One field before and after, in words; empty where it was not said."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One entry with its changes; `first` for the entry that made the record."""

    entry: Any
    changes: tuple[Change, ...]
    first: bool


def steps(read: Reading, words: Dictionary, kind: Kind, entries: Iterable[Any]) -> list[Step]:
    """Newest first. `entries` come oldest first, as `ledger.rows.history` gives them."""
    made: list[Step] = []
    before: Any = None
    for entry in entries:
        changes = tuple(_changes(read, words, kind, before, entry)) if before is not None else ()
        made.append(Step(entry, changes, before is None))
        before = entry
    return made[::-1]


def _changes(read: Reading, words: Dictionary, kind: Kind, old: Any, new: Any) -> Iterable[Change]:
    for field in labels.readable(read, kind):
        a, b = old.attributes.get(field.name), new.attributes.get(field.name)
        if a != b:
            yield Change(
                labels.field_label(field),
                labels.value_text(read, words, field, a),
                labels.value_text(read, words, field, b),
            )
    for field in kind.fields:
        if field.sensitivity == "sealed" and old.attributes.get(field.name) != new.attributes.get(field.name):
            before, after = (_("sealed") if field.name in each.attributes else "" for each in (old, new))
            yield Change(labels.field_label(field), before, after)
    for field in kind.link_fields:
        a, b = _targets(old.links, field.name), _targets(new.links, field.name)
        if a != b:
            yield Change(labels.field_label(field), _("%s links") % len(a), _("%s links") % len(b))
    if old.state != new.state:
        yield Change(_("State"), old.state, new.state)
    shape = _shape_change(old.geometry, new.geometry)
    if shape:
        yield shape


def _targets(links: Mapping[str, Any], role: str) -> tuple[Any, ...]:
    found = links.get(role) or ()
    return tuple(found) if isinstance(found, (list, tuple)) else (found,)


def _shape_change(old: BaseGeometry | None, new: BaseGeometry | None) -> Change | None:
    if old is None and new is None:
        return None
    if old is not None and new is not None and old.equals(new):
        return None
    return Change(_("Shape"), _shape_text(old), _shape_text(new))


def _shape_text(geometry: BaseGeometry | None) -> str:
    """A shape in one word and its geodesic area, which is what a reviewer compares."""
    if geometry is None:
        return _("none")
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return f"{formats.number(area_m2(geometry), 0)}\N{NO-BREAK SPACE}{formats.unit_sign('m2')}"
    return _("%s points") % formats.number(len(getattr(geometry, "coords", [])) or 1)
