"""The programme's own facts for headers, strips and the login page; kept until the next commit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record
from clearland.ledger.scope import scope, system_actor
from clearland.web.access import Reading, remembered

SYNTHETIC_PREFIX = "SYN"


@dataclass(frozen=True)
class About:
    """`synthetic`: some records are invented (their local id starts with SYN); `opened_on`: first day of the ledger;
    `one_person`: authors approve their own work here;
    `area_unit`: the unit the programme chose for its tables, empty for the one that fits."""

    name: str
    opened_on: date | None
    demonstration: bool
    one_person: bool
    synthetic: bool
    area_unit: str
    note: str


def _about(attributes: dict[str, Any], synthetic: bool) -> About:
    opened = attributes.get("opened_on")
    return About(
        name=attributes.get("name", ""),
        opened_on=date.fromisoformat(opened[:10]) if opened else None,
        demonstration=bool(attributes.get("demonstration")),
        one_person=bool(attributes.get("one_person")),
        synthetic=synthetic,
        area_unit=attributes.get("area_unit", ""),
        note=attributes.get("synthetic_note", ""),
    )


def about(read: Reading) -> About:
    """For a signed-in reader."""

    def look() -> About:
        found = record(read.scope, PROGRAMME_RECORD)
        return _about(found.attributes if found else {}, invented)

    invented = read.tally.synthetic(read.scope)
    return remembered(read, f"about:{invented}", look, kinds=("programme",))


def public_about() -> About:
    """Name and nature of the programme, for the login page: no other fact leaves before somebody signed in."""
    found = record(scope(system_actor("web"), "name the programme on the login page"), PROGRAMME_RECORD)
    return _about(found.attributes if found else {}, False)
