"""Minefield records of a snapshot: read, laid out under each reading, and held against finds, accidents and search.

A stated accuracy ("25 %") stays what it is, a statement with a speaker and mostly without a method; it stands beside the
scores and enters none of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely

from clearland.core.errors import ClearlandError, Finding, Place
from clearland.land.minefields.accounting import Account
from clearland.land.minefields.angles import METRES, declination
from clearland.land.minefields.assessment import Assessment, Ground, assess, best, mines_of
from clearland.land.minefields.model import Blast, Count, Find, Leg, Reference, Row, Sheet
from clearland.land.minefields.totals import Totals, totals
from clearland.ledger.snapshot import Snapshot

Columns = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stated:
    """An accuracy that somebody stated for a record, in per cent; `method` is empty where none was given."""

    percent: float
    by: str
    method: str


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """A record with an assessment of each of its readings, in the order of the record; problems of the record as such.

    `finds` and `blasts` are the mines and accidents near any of the readings, for a plan of them.
    """

    sheet: Sheet
    giver: str
    stated: Stated | None
    readings: tuple[Assessment, ...]
    problems: tuple[Finding, ...] = ()
    finds: tuple[Find, ...] = ()
    blasts: tuple[Blast, ...] = ()

    @property
    def best(self) -> Assessment | None:
        """The reading a person accepted, else the one that agrees best with the ground; None without any outline."""
        return best(self.readings)


@dataclass(frozen=True, kw_only=True)
class Minefields:
    """All records by local id, and the totals over them."""

    records: tuple[Assessed, ...]
    totals: Totals

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys; areas in m², shares from 0 to 1."""
        return {"records": [record_json(each) for each in self.records], "totals": totals_json(self.totals)}


def minefields(snapshot: Snapshot) -> Minefields:
    """Every record that counts on the snapshot's date, assessed."""
    known = ground(snapshot)
    parts = _parts(snapshot)
    made = [_assessed(row, parts, _southern(snapshot), known) for row in _rows(snapshot, "minefield_record", "local_id, record")]
    hazards = [_shape(row["geometry"]) for row in _rows(snapshot, "hazard", "record") if row["geometry"] is not None]
    return Minefields(
        records=tuple(made), totals=totals([(each.sheet, each.readings) for each in made], known, hazards)
    )


def minefield(snapshot: Snapshot, record: str) -> Assessed:
    """One record, by its id or local id. Raises ClearlandError E-MINEFIELD-NONE where there is none."""
    for row in _rows(snapshot, "minefield_record", "local_id, record"):
        if record in (row["record"], row["local_id"]):
            return _assessed(row, _parts(snapshot), _southern(snapshot), ground(snapshot))
    raise ClearlandError("E-MINEFIELD-NONE", f"There is no minefield record {record!r}.",
                         remedy="Take a local id from `clearland minefields`.")


def ground(snapshot: Snapshot) -> Ground:
    """Mines found, accidents with mines, and ground that was searched: reduced or cleared, and not failed at QC."""
    finds = [
        Find(record=row["record"], point=_shape(row["geometry"]), category=row["category"], quantity=row["quantity"] or 1,
             model=row["model"] or "", destroyed=row["fate"] == "destroyed")
        for row in _rows(snapshot, "ordnance", "record") if row["geometry"] is not None
    ]  # fmt: skip
    blasts = [
        Blast(record=row["record"], point=_shape(row["geometry"]), category=row["device_category"] or "")
        for row in _rows(snapshot, "accident", "record") if row["geometry"] is not None
    ]  # fmt: skip
    searched = [
        _shape(row["geometry"]) for row in _rows(snapshot, "land_release", "record")
        if row["geometry"] is not None and row["product_type"] in {"reduced", "cleared"} and row["qc_state"] != "failed"
    ]  # fmt: skip
    return mines_of(finds, blasts, searched)


def _rows(snapshot: Snapshot, kind: str, order: str) -> list[Columns]:
    return snapshot.sql(f"SELECT * FROM {kind} ORDER BY {order}").to_pylist() if kind in snapshot.tables() else []


def _shape(wkb: bytes | None) -> Any:
    return shapely.from_wkb(wkb) if wkb is not None else None


def _southern(snapshot: Snapshot) -> bool:
    stated = snapshot.sql("SELECT centre_lat FROM programme ORDER BY known_from DESC LIMIT 1").to_pylist()
    return bool(stated and stated[0]["centre_lat"] is not None and stated[0]["centre_lat"] < 0)


Parts = dict[str, dict[str, list[Columns]]]  # kind -> record of the minefield -> its rows


def _parts(snapshot: Snapshot) -> Parts:
    orders = {"minefield_reference": "local_id", "minefield_leg": "sequence, local_id", "minefield_row": "row_number, local_id",
              "minefield_count": "local_id"}  # fmt: skip
    made: Parts = {}
    for kind, order in orders.items():
        by_record: dict[str, list[Columns]] = defaultdict(list)
        for row in _rows(snapshot, kind, f"{order}, record"):
            by_record[row["minefield"]].append(row)
        made[kind] = by_record
    return made


def _assessed(row: Columns, parts: Parts, southern: bool, known: Ground) -> Assessed:
    declinations, problems = _declinations(row["declination_candidates"] or ())
    sheet = _sheet(row, parts, southern, declinations)
    percent = row["accuracy_claimed_percent"]
    stated = None if percent is None else Stated(
        percent=percent, by=row["accuracy_claimed_by"] or "", method=row["accuracy_method"] or ""
    )
    made = assess(sheet, known)
    near = {record for each in made for record in each.nearby}
    around = shapely.MultiPoint([find.point for find in known.finds if find.record in near])
    outlines = [each.rebuilt.outline for each in made if each.rebuilt.outline is not None]
    return Assessed(
        sheet=sheet, giver=row["giver"] or "", stated=stated, readings=made, problems=problems,
        finds=tuple(find for find in known.finds if find.record in near),
        blasts=tuple(known.blasts_in(shapely.union_all([around, *outlines]).envelope)),
    )  # fmt: skip


def _declinations(texts: Iterable[str]) -> tuple[tuple[float, ...], tuple[Finding, ...]]:
    """Those that can be read, in order, and what is wrong with the others."""
    read, problems = [], []
    for text in texts:
        try:
            read.append(declination(text))
        except ClearlandError as problem:
            problems.append(Finding(
                code=problem.code, severity="error", sentence=problem.sentence, remedy=problem.remedy,
                place=Place(column="declination_candidates"),
            ))  # fmt: skip
    return tuple(sorted(read)), tuple(problems)


def _sheet(row: Columns, parts: Parts, southern: bool, declinations: tuple[float, ...]) -> Sheet:
    record = row["record"]
    return Sheet(
        record=record, local_id=row["local_id"], number=row["record_number"], custody=row["custody"],
        angle_unit=row["angle_unit"] or "degree", north=row["north"] or "not_said",
        declinations=declinations, metres_per_unit=_metres_per_unit(row), zone=row["zone"], southern=southern,
        systems=tuple(row["coordinate_readings"] or ("WGS84_GEO",)), mines_claimed=row["mines_claimed"],
        accepted=_shape(row["geometry"]),
        references=tuple(_reference(each) for each in parts["minefield_reference"].get(record, ())),
        legs=tuple(_leg(each) for each in parts["minefield_leg"].get(record, ())),
        rows=tuple(_row(each) for each in parts["minefield_row"].get(record, ())),
        counts=tuple(_count(each) for each in parts["minefield_count"].get(record, ())),
    )  # fmt: skip


def _metres_per_unit(row: Columns) -> float:
    if row["length_unit"] == "pace" and row["pace_m"]:
        return float(row["pace_m"])
    return METRES.get(row["length_unit"] or "metre", 1.0)


def _reference(row: Columns) -> Reference:
    return Reference(
        label=row["point_label"], north=row["written_north"], east=row["written_east"],
        text=row["coordinates_as_written"] or "", identified=_shape(row["geometry"]),
    )  # fmt: skip


def _leg(row: Columns) -> Leg:
    return Leg(sequence=row["sequence"], part=row["part"], azimuth=row["azimuth"], distance=row["distance"],
               origin=row["from_label"] or "", target=row["to_label"] or "")


def _row(row: Columns) -> Row:
    return Row(number=row["row_number"], origin=row["from_label"], azimuth=row["azimuth"], length=row["length"],
               spacing=row["spacing"], mines=row["mines"], category=row["device_category"])


def _count(row: Columns) -> Count:
    return Count(category=row["category"], claimed=row["claimed"], model=row["model"] or "", removed=row["removed"] or 0,
                 detonated=row["detonated"] or 0)


def record_json(assessed: Assessed) -> dict[str, Any]:
    """One record with its readings; `best` is the name of the reading that stands first among them by the ground."""
    sheet, chosen, stated = assessed.sheet, assessed.best, assessed.stated
    return {
        "record": f"record:{sheet.record}", "local_id": sheet.local_id, "number": sheet.number, "custody": sheet.custody,
        "giver": assessed.giver or None, "claimed": sheet.claimed, "best": chosen.rebuilt.reading.name if chosen else None,
        "stated_accuracy": None if stated is None else {
            "percent": stated.percent, "by": stated.by or None, "method": stated.method or None,
        },
        "readings": [reading_json(each) for each in assessed.readings],
        "problems": [each.as_json() for each in assessed.problems],
    }  # fmt: skip


def reading_json(made: Assessment) -> dict[str, Any]:
    """One reading with its scores, account and problems."""
    rebuilt = made.rebuilt
    return {
        "reading": rebuilt.reading.name, "outline_from": rebuilt.outline_from or None, "area_m2": _rounded(made.outline_m2, 1),
        "operation": rebuilt.operation or None, "accuracy_m": rebuilt.accuracy_m, "in_area_of_use": rebuilt.in_area_of_use,
        "closings": [
            {"at": each.label, "error_m": round(each.error_m, 2), "way_m": round(each.way_m, 1), "within_rule": each.within_rule}
            for each in rebuilt.closings
        ],
        "shift": None if made.shift is None else {
            "east_m": round(made.shift.east_m, 1), "north_m": round(made.shift.north_m, 1), "finds": made.shift.matched,
        },
        "scores": {name: {"value": _rounded(score.value, 3), "n": score.n} for name, score in made.scores.items()},
        "searched_share": _rounded(made.searched_share, 4), "all": _account_json(made.whole),
        "by_category": [_account_json(each) for each in made.accounts],
        "problems": [each.as_json() for each in rebuilt.problems],
    }  # fmt: skip


def totals_json(made: Totals) -> dict[str, Any]:
    """The totals with their shares; null where there is nothing to take a share of."""
    return {
        "records": made.records, "drawn": made.drawn, "by_custody": made.by_custody, "claimed": made.claimed,
        "without_claim": made.without_claim, "located": made.located, "located_share": _rounded(made.located_share, 4),
        "outlines_m2": round(made.outlines_m2, 1), "hazard_m2": round(made.hazard_m2, 1),
        "covered_m2": round(made.covered_m2, 1), "covered_share": _rounded(made.covered_share, 4),
        "accidents": made.accidents, "accidents_outside": made.accidents_outside,
        "accidents_outside_share": _rounded(made.accidents_outside_share, 4), "mines_found": made.mines_found,
        "mines_outside": made.mines_outside, "mines_outside_share": _rounded(made.mines_outside_share, 4),
    }  # fmt: skip


def _account_json(account: Account) -> dict[str, Any]:
    return {
        "category": account.category, "claimed": account.claimed, "found": account.found, "destroyed": account.destroyed,
        "detonated": account.detonated, "removed": account.removed, "missing": account.missing, "surplus": account.surplus,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
