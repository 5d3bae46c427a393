"""What is read from an IMSMA of any generation: items, each with the versions that field reports gave of it.

Pure values. Cells carry the names they have where they come from, so that an error can name table, row and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from shapely.geometry.base import BaseGeometry

from clearland.intake.tables import Cell

Origin = Literal["imsma-ng", "maxml", "imsma-core"]
Sort = Literal["hazard", "hazreduc", "accident", "victim"]
SORTS: tuple[Sort, ...] = ("hazard", "hazreduc", "accident", "victim")


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of an item: the field report it comes from, its date of information and the state of that report.

    `cells` is the full state (what a form did not ask is carried over from the version before). `identity` tells who a
    person is: it never enters a table or a kept source, only the sealed store.
    """

    report: str
    reported_on: date | None
    state: str
    cells: Mapping[str, Cell]
    geometry: BaseGeometry | None = None
    identity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """One hazard, hazard reduction, accident or victim. `row` counts from 1 in the table or layer it stands in."""

    sort: Sort
    table: str
    guid: str
    local_id: str
    row: int
    versions: tuple[Version, ...]

    @property
    def standing(self) -> Version | None:
        """What IMSMA itself counts: the newest approved version."""
        return next((each for each in reversed(self.versions) if each.state == "approved"), None)


@dataclass(frozen=True, kw_only=True)
class OwnField:
    """A custom defined field: `column` is the cell's name, `name` that of the field here, `type` a type of the dictionary."""

    column: str
    name: str
    label: str
    sorts: tuple[Sort, ...]
    type: Literal["text", "decimal", "partial_date", "codes"] = "text"


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Everything read. `links` are pairs of guids; `withheld` names what was left out of the kept bytes and why."""

    origin: Origin
    items: Sequence[Item]
    links: Sequence[tuple[str, str]] = ()
    own_fields: Sequence[OwnField] = ()
    unresolved: Sequence["Unresolved"] = ()
    not_moved: Mapping[str, int] = field(default_factory=dict)
    withheld: Sequence[str] = ()

    @property
    def by_guid(self) -> dict[str, Item]:
        """Items by their guid."""
        return {item.guid: item for item in self.items}


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """A link that leads nowhere, or between items that no field of a kind can link."""

    item: str
    other: str
    why: Literal["no_such_item", "no_role"]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The bytes that the ledger keeps, and what they are called."""

    data: bytes
    filename: str
    media_type: str
