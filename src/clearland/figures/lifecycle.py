"""Where each hazard stands: its status derived from ground, work and handover, and how that differs from what was said.

The rules are `land.lifecycle`; here a snapshot becomes the states they look at. One definition serves pages and
findings: nobody types a status that counts.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from clearland.checks.model import Noted
from clearland.core.errors import Finding
from clearland.core.partial_dates import PartialDate
from clearland.figures.land import GROUND_KINDS, ground
from clearland.land.area import Floats
from clearland.land.columns import NOBODY
from clearland.land.lifecycle import (
    ALLOWED,
    NEVER_BACK,
    OPEN_BY_WORK,
    REMAINS_M2,
    State,
    Status,
    Work,
    class_change,
    hindrances,
    status_of,
    transition,
)
from clearland.land.model import Hazard, Product
from clearland.land.ownership import ALL
from clearland.land.partition import Partition
from clearland.land.records import NEVER
from clearland.ledger.snapshot import Snapshot

_ONGOING, _SUSPENDED = "ongoing", "suspended"
_WORK_KINDS = ("survey", "clearance")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A hazard's derived status with what it follows from; `hindrances` say why it cannot close.

    `remaining_m2` is None for a hazard without an outline, which stays open: nobody can say what remains of it.
    """

    hazard: Hazard
    status: Status
    reported: str | None
    remaining_m2: float | None
    products: tuple[Product, ...]
    hindrances: tuple[Finding, ...]


def standings(snapshot: Snapshot, only: str | None = None) -> dict[str, Standing]:
    """Per hazard (record id), or for one of them, where it stands as known on the snapshot's date."""
    cut = ground(snapshot)
    position = cut.register.position
    places = range(len(position)) if only is None else [position[only]] if only in position else []
    return _standings(snapshot, cut, places)


def _standings(snapshot: Snapshot, cut: Partition, places: Iterable[int]) -> dict[str, Standing]:
    """Where the hazards of some positions stand."""
    remaining = _remaining(cut)
    products = _products_of(cut)
    work = _work_on(snapshot)
    reported = _reported(snapshot)
    handed_over = _handovers(snapshot)
    made = {}
    for place in places:
        hazard = cut.register.hazards[place]
        mine = tuple(cut.register.products[number] for number in products.get(place, ()))
        left = float(remaining[place]) if cut.register.drawn[place] else None
        state = State(
            remaining_m2=math.inf if left is None else left, products=mine, work=work.get(hazard.id, "none"),
            handover=_handover(mine, handed_over),
        )  # fmt: skip
        made[hazard.id] = Standing(
            hazard=hazard, status=status_of(state), reported=reported.get(hazard.id), remaining_m2=left, products=mine,
            hindrances=tuple(hindrances(state)),
        )  # fmt: skip
    return made


def prepare_status(snapshot: Snapshot) -> None:
    """Make the table `hazard_status` known to the snapshot's SQL: record, status (derived) and reported, one row per hazard.

    Computed once per snapshot, where it is counted; pages and the map read it.
    """
    snapshot.derive("hazard_status", lambda: _status_table(snapshot), rests_on=(*GROUND_KINDS, *_WORK_KINDS))


def _status_table(snapshot: Snapshot) -> pa.Table:
    cut, work, reported = ground(snapshot), _work_on(snapshot), _reported(snapshot)
    ended = np.nonzero(cut.register.drawn & ~(_remaining(cut) > REMAINS_M2))[0]  # the others are open, with or without work
    looked = _standings(snapshot, cut, ended.tolist())
    records: list[str] = cut.register.hazards.id.tolist()
    status = [looked[one].status if one in looked else OPEN_BY_WORK[work.get(one, "none")] for one in records]
    told = [reported.get(one) for one in records]
    columns = {"record": records, "status": status, "reported": told}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _reported(snapshot: Snapshot) -> dict[str, str | None]:
    """Per hazard the status it was given."""
    return dict(zip(*snapshot.sql("SELECT record, status FROM hazard").to_pydict().values(), strict=True))


def _remaining(cut: Partition) -> Floats:
    """Per hazard the ground it still holds under its own type, in m²."""
    table = cut.holdings
    held = (table.view != ALL) & (table.until >= NEVER)
    left: Floats = np.zeros(len(cut.register.hazards))
    np.add.at(left, table.hazard[held], table.area_m2[held])
    return left


def _products_of(cut: Partition) -> dict[int, list[int]]:
    """Per hazard the products that name it or released ground of it."""
    book, moves = cut.register, cut.moves
    count = max(len(book.hazards), 1)
    released = (moves.product != NOBODY) & (moves.giver != NOBODY)
    pairs = np.unique(np.concatenate([book.named, moves.product[released] * count + moves.giver[released]]))
    found: dict[int, list[int]] = {}
    for product, hazard in zip(*(column.tolist() for column in np.divmod(pairs, count)), strict=True):
        found.setdefault(hazard, []).append(product)
    return found


def _work_on(snapshot: Snapshot) -> dict[str, Work]:
    """Per hazard whether work goes on, or stands still, on it."""
    found: dict[str, Work] = {}
    for kind in _WORK_KINDS:
        for row in snapshot.sql(f"SELECT hazards, status FROM {kind} WHERE status IN (?, ?)", [_ONGOING, _SUSPENDED]).to_pylist():
            for hazard in row["hazards"] or ():
                if found.get(hazard) != _ONGOING:
                    found[hazard] = row["status"]
    return found


def _handovers(snapshot: Snapshot) -> dict[str, PartialDate]:
    """Per product when its ground was handed over."""
    rows = snapshot.sql("SELECT record, handed_over_on FROM land_release WHERE handed_over_on IS NOT NULL").to_pylist()
    return {row["record"]: PartialDate.parse(row["handed_over_on"]) for row in rows}


def _handover(products: tuple[Product, ...], handed_over: dict[str, PartialDate]) -> PartialDate | None:
    """The last handover, once every product of the hazard was handed over."""
    dates = [handed_over[product.id] for product in products if product.id in handed_over]
    return max(dates, key=lambda when: when.last) if dates and len(dates) == len(products) else None


def status_findings(snapshot: Snapshot) -> list[Noted]:
    """Rules 29 and 30: reported status against the derived one, refused transitions, downgrades without a reason."""
    told = _told(snapshot)
    cut = ground(snapshot)
    found: list[Noted] = []
    for record, standing in _standings(snapshot, cut, _worth_a_look(snapshot, cut, told)).items():
        hazard = standing.hazard
        for before, after in pairwise(hazard.versions):
            found += _about(hazard, class_change(before.area_type, after.area_type, after.change_reason))
        for was, then in pairwise(told.get(record, [])):
            if then not in ALLOWED[was]:
                found += _about(hazard, transition(was, then, State(remaining_m2=0.0)))
        found += _about(hazard, _differs(standing))
    return found


def _worth_a_look(snapshot: Snapshot, cut: Partition, told: dict[str, list[Status]]) -> list[int]:
    """The positions of hazards that changed, that are reported as closed, or of which nothing remains: no rule speaks of
    the others, and most hazards are open and were never changed."""
    book = cut.register
    closed = {record for record, status in _reported(snapshot).items() if status in NEVER_BACK}
    moved = {record for record, said in told.items() if len(said) > 1}
    looked = (np.diff(book.hazards.start) > 1) | (book.drawn & ~(_remaining(cut) > REMAINS_M2))
    named = [book.position[record] for record in closed | moved if record in book.position]
    looked[named] = True
    places: list[int] = np.nonzero(looked)[0].tolist()
    return places


def _differs(standing: Standing) -> list[Finding]:
    """What stands against the reported status, or says that none was needed."""
    if standing.reported in NEVER_BACK and standing.hindrances:
        return list(standing.hindrances)
    if standing.status in NEVER_BACK and not standing.products:
        return [Finding(
            code="L-CLOSED-NO-PRODUCT", severity="warning", rule=29,
            sentence="Nothing of it remains, though no product released it.",
            remedy="Its ground counts under another hazard, or was corrected away: check that this was meant.",
        )]  # fmt: skip
    if standing.status in NEVER_BACK and standing.reported is not None and standing.reported not in NEVER_BACK:
        return [Finding(
            code="L-STATUS-DIFFERS", severity="warning", rule=29,
            sentence=f"It is reported as {standing.reported}, but nothing of it remains: {standing.status}.",
            remedy="Correct the reported status, or record what remains.",
        )]  # fmt: skip
    return []


def _told(snapshot: Snapshot) -> dict[str, list[Status]]:
    """Per hazard the statuses that were reported, one after the other."""
    rows = snapshot.sql(
        "SELECT record, status FROM hazard_history WHERE status IS NOT NULL ORDER BY record, known_from, revision"
    ).to_pylist()
    told: dict[str, list[Status]] = {}
    for row in rows:
        said = told.setdefault(row["record"], [])
        if row["status"] in ALLOWED and said[-1:] != [row["status"]]:
            said.append(row["status"])
    return told


def _about(hazard: Hazard, findings: Iterable[Finding]) -> list[Noted]:
    return [Noted(finding=one, record=hazard.id, kind="hazard", local_id=hazard.local_id) for one in findings]
