"""When the programme was opened, in which time zone its days end, and what *known* means on either side of it.

Before the opening a declared back-load may carry the date on which its source was received; from the opening on nothing
can be known earlier than it was recorded (design section 4).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connections

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.ids import record_id
from clearland.ledger.store import ALIAS

PROGRAMME_RECORD: UUID = record_id("clearland", "programme")


@dataclass(frozen=True)
class Opening:
    """The first day of the programme and its IANA time zone."""

    opened_on: date
    time_zone: ZoneInfo

    @cached_property
    def opened_at(self) -> datetime:
        """The first moment of the programme, in UTC."""
        return self.start_of(self.opened_on)

    def start_of(self, day: date) -> datetime:
        """The first moment of a day, in UTC."""
        return datetime.combine(day, time(), tzinfo=self.time_zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The first moment after a day, in UTC."""
        return self.start_of(day + timedelta(days=1))

    def back_load_moment(self, moment: datetime | None) -> datetime | None:
        """The moment itself if it lies before the opening, else None: the clock decides."""
        return moment if moment is not None and moment < self.opened_at else None


def opening_of(attributes: dict[str, Any]) -> Opening:
    """From the attributes of the programme record. Raises RefusedInput (E-LEDGER-OPENING)."""
    try:
        return Opening(date.fromisoformat(attributes["opened_on"]), ZoneInfo(attributes.get("time_zone", "UTC")))
    except (KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise RefusedInput(
            "E-LEDGER-OPENING",
            f"The programme record lacks a day of opening or a known time zone ({error}).",
            remedy="Give opened_on as YYYY-MM-DD and time_zone as an IANA name, for example Asia/Baku.",
        ) from error


def stored_opening(cursor: Any) -> Opening | None:
    """The opening as it stands, None while no programme was written."""
    store_id = PROGRAMME_RECORD.hex if connections[ALIAS].vendor == "sqlite" else PROGRAMME_RECORD
    cursor.execute('SELECT attributes FROM "record" WHERE id = %s', [store_id])
    row = cursor.fetchone()
    if row is None:
        return None
    return opening_of(json.loads(row[0]) if isinstance(row[0], str) else row[0])


def current_opening() -> Opening:
    """The opening of the programme in use. Raises ClearlandError (E-PROGRAMME-NONE) where nothing was initialised."""
    with connections[ALIAS].cursor() as cursor:
        opening = stored_opening(cursor)
    if opening is None:
        raise ClearlandError("E-PROGRAMME-NONE", "This database holds no programme.", remedy="Make one with: clearland init DIR")
    return opening


def moment_of(as_known: date | None) -> datetime | None:
    """The first moment after day D in the programme's time zone; None for today."""
    return current_opening().end_of(as_known) if as_known else None
