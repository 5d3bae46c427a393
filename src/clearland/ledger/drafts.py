"""What is handed to `ledger.write`, and the receipt that comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The full state a record shall have. Geometry in EPSG:4326; attributes as the dictionary's values module cleans
    them.

    `based_on` is the entry the author saw (None for a new record). `known_at` is for declared back-loads only: a moment
    before the programme was opened; from the opening on the clock decides (design section 4).
    `origin` is the place in the source, `SHEET!ROW`; a state that only moved within its source is no news.
    """

    record: UUID
    kind: str
    local_id: str
    attributes: Mapping[str, Any]
    links: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    state: str = "approved"
    sensitivity: str | None = None
    based_on: UUID | None = None
    known_at: datetime | None = None
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class NewSource:
    """Bytes handed to us and what is known about them. `received` before the opening makes its rows a back-load."""

    data: bytes | Path
    filename: str
    media_type: str
    received: date
    title: str = ""
    publisher: str = ""
    author: str = ""
    transmitter: str = ""
    circulator: str = ""
    symbol: str = ""
    published: str = ""
    circulated: str = ""
    language: str = ""
    series: str = ""
    full_edition: bool = False
    sensitivity: str = "programme"
    may_pass_on: bool = False


@dataclass(frozen=True, kw_only=True)
class NewRendition:
    """The text an extractor read from the source of the same write, with what it found in it.

    Passages and notes are mappings or objects with the attributes of the evidence package's own; claims are mappings in
    the shape of design section 7.
    """

    text: str
    extractor: str
    extractor_version: str
    passages: Sequence[Any] = ()
    claims: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[Any] = ()


@dataclass(frozen=True)
class Receipt:
    """What one write did. `commit` and `head` are those of the last commit, also when nothing was new."""

    commit: int
    head: str
    new: int
    changed: int
    unchanged: int
    superseded: int
    source: str | None
    renditions: tuple[str, ...] = ()
