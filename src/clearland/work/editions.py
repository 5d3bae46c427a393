"""Closing a period: the land balance is frozen as an edition, with the entries it rested on.

What comes to light later of that time stands in the adjustments of the periods after; what was published stays.
"""

import json
from datetime import date, timedelta
from typing import Any

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.figures.editions import REPORT, Edition, edition_named, editions, newest_before
from clearland.figures.land import entries_behind, land_balance
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.opening import current_opening
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.ledger.write import write

SERIES = "editions"
BY = ("place", "type", "class")
MEDIA_TYPE = "application/json"


def freeze(
    name: str, *, period_to: date, actor: Actor, period_from: date | None = None, reason: str = "", audience: str = "programme",
    clock: Clock = system_clock,
) -> Edition:
    """Freeze the balance of a period as known now; the period starts after the last frozen one unless told otherwise.

    Raises ClearlandError E-EDITION-EXISTS for a name that is taken, E-EDITION-OPEN for a period that is not over,
    E-EDITION-START where neither an earlier edition nor `period_from` says where it starts, L-BALANCE-GAP (rule 54)
    where it does not close. Nothing is written then.
    """
    shot = snapshot()
    today = clock().astimezone(current_opening().time_zone).date()
    _refuse(shot, name, period_to, today)
    start = period_from or _day_after_last(shot, period_to)
    result = land_balance(shot, period_from=start, period_to=period_to, by=BY)
    if not result.closes:
        raise ClearlandError(
            "L-BALANCE-GAP", f"The balance does not close: {result.gap_m2:.2f} m² are missing.",
            remedy="The period cannot be closed; run clearland verify and clearland findings.",
        )
    content: dict[str, Any] = {
        "edition": name, "period_from": str(start), "period_to": str(period_to), "head": shot.head,
        "rows": result.as_json(), "entries": entries_behind(shot),
    }
    data = canonical_bytes(content)
    file = {"name": f"{name}.json", "media_type": MEDIA_TYPE, "sha256": sha256_hex(data)}
    attributes = {
        "name": name, "report": REPORT, "period_from": str(start), "period_to": str(period_to), "audience": audience,
        "ledger_head": shot.head, "as_known": str(today), "dictionary_version": shot.dictionary.version,
        "files": json.dumps([file]), "published_on": str(today),
    }
    draft = Draft(record=record_id(SERIES, name), kind="edition", local_id=name, attributes=attributes)
    source = NewSource(
        data=data, filename=file["name"], media_type=MEDIA_TYPE, received=today, title=f"Land balance {name}", series=SERIES,
        sensitivity=audience,
    )  # fmt: skip
    write([draft], actor=actor, reason=reason or f"Period to {period_to} closed", source=source, clock=clock)
    return edition_named(snapshot(), name)


def _refuse(shot: Snapshot, name: str, period_to: date, today: date) -> None:
    if any(edition.name == name for edition in editions(shot)):
        raise ClearlandError(
            "E-EDITION-EXISTS", f"There is already an edition {name}; what was published stays.",
            remedy="Choose another name.",
        )
    if period_to >= today:
        raise ClearlandError(
            "E-EDITION-OPEN", f"The period ends on {period_to}, which is not over.", remedy="Close it when it is over.",
        )


def _day_after_last(shot: Snapshot, period_to: date) -> date:
    last = newest_before(shot, period_to)
    if last is None:
        raise ClearlandError(
            "E-EDITION-START", "No earlier edition says where the period starts.", remedy="Give its first day with --from.",
        )
    return last.period_to + timedelta(days=1)
