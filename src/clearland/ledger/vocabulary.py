"""The dictionary of the programme in use: the built-in one with the programme's overlays over it.

An overlay is a record of kind `overlay`, so it has a date and an author; every process compares what it holds with the
overlays that stand.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections

from clearland.dictionary import loader
from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger.store import ALIAS


@dataclass(frozen=True, slots=True)
class KindColumns:
    """Which fields of a kind fill the columns of `record` and `version`, and what a body of the kind may hold."""

    attributes: frozenset[str]
    roles: frozenset[str]
    sealed: frozenset[str]
    sensitivity: str
    with_geometry: bool
    valid_from: str | None
    valid_to: str | None
    place: str | None
    organisation: str | None


def columns_of(kind: Kind) -> KindColumns:
    """The columns of one kind."""
    return KindColumns(
        frozenset(field.name for field in kind.fields if not field.is_link),
        frozenset(field.name for field in kind.fields if field.is_link),
        frozenset(field.name for field in kind.fields if field.sensitivity == "sealed"),
        kind.sensitivity,
        kind.geometry != "none",
        kind.valid_from_field,
        kind.valid_to_field,
        kind.place_field,
        kind.organisation_field,
    )


def current_dictionary() -> Dictionary:
    """The dictionary as the programme in use has it now."""
    with connections[ALIAS].cursor() as cursor:
        return dictionary_of(cursor)


def dictionary_of(cursor: Any) -> Dictionary:
    """The dictionary with the approved overlays of the database behind an open cursor, oldest first."""
    cursor.execute("""SELECT attributes FROM "record" WHERE kind = 'overlay' AND state = 'approved' ORDER BY approved_entry_id""")
    stated = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    return _with_overlays(tuple((overlay["name"], overlay["content"]) for overlay in stated))


def kinds_shown_unverified() -> frozenset[str]:
    """Kinds that operational maps show before they are verified: danger shows before it is proved (design section 4)."""
    return frozenset(kind.name for kind in current_dictionary().kinds.values() if kind.shown_unverified)


@lru_cache(maxsize=8)
def _with_overlays(overlays: tuple[tuple[str, str], ...]) -> Dictionary:
    """Overlays as pairs of name and content, the content being JSON text."""
    if not overlays:
        return loader.builtin()
    return loader.with_overlays([{**json.loads(content), "name": name} for name, content in overlays])
