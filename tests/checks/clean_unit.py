"""One unit of the SYNTHETIC nation: a district on open ocean with one of each record, all in order."""

from collections.abc import Mapping
from typing import Any

import shapely

from clearland.dictionary.loader import builtin
from clearland.dictionary.model import Kind
from clearland.land.area import area_m2

Row = dict[str, Any]
Unit = dict[str, list[Row]]
_DEGREE_M = 111_195.0
_CATEGORIES = ("ap", "av", "uxo")


def at(unit: int, east_m: float, north_m: float) -> tuple[float, float]:
    """Metres from the middle of a unit to longitude and latitude; units lie 11 km apart near the equator."""
    return -35.0 + 0.1 * (unit % 60) + east_m / _DEGREE_M, 0.05 + 0.1 * (unit // 60) + north_m / _DEGREE_M


def box(unit: int, west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle in metres from the middle of a unit."""
    return shapely.Polygon([at(unit, *corner) for corner in ((west, south), (east, south), (east, north), (west, north))])


def point(unit: int, east_m: float, north_m: float) -> shapely.Point:
    """A point in metres from the middle of a unit."""
    return shapely.Point(at(unit, east_m, north_m))


def clean_unit(n: int) -> Unit:
    """One of each record, all in order."""
    unit = {**_ground(n), **_work(n), **_quality(n), **_people(n), **_stock(n)}
    return {kind: [_named(kind, row, n) for row in rows] for kind, rows in unit.items()}


def bodies() -> Unit:
    """The organisations of the nation, each accredited."""
    names = ("SYN-O0", "SYN-O1", "SYN-O2", "SYN-QA")
    unit: Unit = {
        "organisation": [{"id": name, "name": f"SYNTHETIC {name}", "short_name": name, "active_from": "2010"} for name in names],
        "accreditation": [
            {
                "id": f"AC-{name}",
                "number": f"AC-{name}",
                "subjects": [name],
                "organisation": name,
                "work_covered": ["nts", "manual"],
                "in_force_from": "2024-01-01",
                "in_force_to": "2026-12-31",
                "status": "granted",
            }
            for name in names
        ],
    }
    return {kind: [_named(kind, row, 0) for row in rows] for kind, rows in unit.items()}


def _work(n: int) -> Unit:
    """The task, the survey and the clearance."""
    body = f"SYN-O{n % 3}"
    district = f"SYN-D{n}"
    where = {"district": district, "organisation": body}
    cleared = box(n, 0, 0, 100, 100)
    return {
        "task_order": [
            {
                "id": "T",
                "number": f"SYN-T{n}",
                "issued_on": "2025-01-02",
                "organisation": body,
                "hazards": [],
                "shape": box(n, -200, -200, 400, 400),
            }
        ],
        "survey": [
            {
                "id": "S",
                "activity_type": "nts",
                "start_date": "2025-01-05",
                "end_date": "2025-01-10",
                "status": "completed",
                "task": f"SYN-T{n}",
                **where,
            }
        ],
        "clearance": [
            {
                "id": "C",
                "activity_type": "clearance",
                "operational_method": ["manual"],
                "start_date": "2025-02-01",
                "end_date": "2025-02-20",
                "status": "completed",
                "hazards": ["H"],
                "task": f"SYN-T{n}",
                "staff": 10,
                "days_worked": 15,
                "cleared_manual_m2": 9_000 + n % 7,
                "items_found": 1,
                "achieved_depth_cm": 20,
                "specified_depth_cm": 15,
                "team": f"SYN-TEAM{n}",
                "shape": cleared,
                **where,
            }
        ],
        "completion": [
            {
                "id": "K",
                "number": f"K{n}",
                "task": "T",
                "completed_on": "2025-02-20",
                "reported_on": "2025-02-25",
                "approved_on": "2025-03-01",
                "cleared_m2": round(area_m2(cleared)),
                "products": ["P"],
                **where,
            }
        ],
        "handover": [{"id": "N", "handed_over_on": "2025-03-10", "products": ["P"], "hazards": ["H"], "completion": "K"}],
    }


def _ground(n: int) -> Unit:
    """The district, its hazard with evidence, what was released and found."""
    body = f"SYN-O{n % 3}"
    district = f"SYN-D{n}"
    where = {"district": district, "organisation": body}
    ground = box(n, 0, 0, 200, 100)
    cleared = box(n, 0, 0, 100, 100)
    return {
        "place": [{"id": "D", "name": f"SYNTHETIC {n}", "code": district, "shape": box(n, -4000, -4000, 4000, 4000)}],
        "hazard": [
            {
                "id": "H",
                "area_type": "CHA",
                "contamination": ["AP"],
                "identified_on": "2025-01-10",
                "found_by": "S",
                "area_reported_m2": round(area_m2(ground)),
                "benchmark_lon": at(n, -60, 0)[0],
                "benchmark_lat": at(n, -60, 0)[1],
                "evidence_class": "direct",
                "shape": ground,
                **where,
            }
        ],
        "evidence": [
            {
                "id": "V",
                "evidence_kind": "direct",
                "hazard": "H",
                "observed_on": "2025-01-07",
                "told_on": "2025-01-08",
                "shape": point(n, 50, 50),
            }
        ],
        "land_release": [
            {
                "id": "P",
                "product_type": "cleared",
                "hazards": ["H"],
                "activity": "C",
                "release_date": "2025-02-20",
                "depth_cm": 20,
                "qc_state": "passed",
                "targets": ["AP"],
                "shape": cleared,
                **where,
            }
        ],
        "ordnance": [
            {
                "id": "F",
                "category": "AP",
                "model": "SYN-1",
                "quantity": 1,
                "found_on": "2025-02-10",
                "fate": "destroyed",
                "destroyed_on": "2025-02-11",
                "disposal_method": "DISPOSAL",
                "depth_found_cm": 10,
                "activity": "C",
                "hazard": "H",
                "product": "P",
                "shape": point(n, 20 + n % 5, 20),
                **where,
            }
        ],
    }


def _quality(n: int) -> Unit:
    """Visits, samples and what was put right."""
    body = f"SYN-O{n % 3}"
    return {
        "qa_visit": [
            {
                "id": "Q",
                "activity": "C",
                "inspected_on": "2025-02-10",
                "visit_type": "qa",
                "inspected_organisation": body,
                "organisation": "SYN-QA",
            }
        ],
        "qc_sampling": [{"id": "G", "products": ["P"], "sampled_on": "2025-02-22", "items_found": 0, "result": "accepted"}],
        "non_conformity": [
            {"id": "X", "activity": "C", "severity": "critical", "found_on": "2025-02-10", "closed_on": "2025-02-15"}
        ],
        "corrective_action": [
            {"id": "Y", "non_conformity": "X", "due_on": "2025-02-14", "done_on": "2025-02-13", "status": "done"}
        ],
    }


def _people(n: int) -> Unit:
    """An accident, who was hurt, assistance, education and what the public reported."""
    body = f"SYN-O{n % 3}"
    district = f"SYN-D{n}"
    where = {"district": district, "organisation": body}
    return {
        "accident": [
            {
                "id": "A",
                "date": "2024-06-01",
                "device_category": "AP",
                "killed": 0,
                "injured": 1,
                "outcome_unknown": 0,
                "demining": False,
                "location_accuracy": "exact",
                "district": district,
                "shape": point(n, 180, 50),
            }
        ],
        "victim": [
            {
                "id": "M",
                "accident": "A",
                "accident_date": "2024-06-01",
                "age_years": 20 + n % 40,
                "age_class": "adult",
                "outcome": "injured",
                "consent_store": "given",
                "district": district,
            }
        ],
        "assistance_service": [{"id": "Z", "victim": "M", "beneficiary_type": "survivor", "start_date": "2024-07-01"}],
        "referral": [{"id": "J", "victim": "M", "consent": "given", "referred_on": "2024-07-01"}],
        "eore_session": [
            {
                "id": "E",
                "start_date": "2025-03-01",
                "method": "group_session",
                "reach": "direct",
                "sessions_count": 2,
                "place_type": "community_centre",
                "shape": point(n, -500, n % 11),
                **where,
            }
        ],
        "eore_beneficiaries": [
            {
                "id": "B",
                "sessions": ["E"],
                "reach": "direct",
                "women": 10,
                "men": 10,
                "girls": 10,
                "boys": 10,
                "total": 40,
                "first_time": 5,
            }
        ],
        "public_report": [
            {
                "id": "PR",
                "received_on": "2025-03-01",
                "location_accuracy": "exact",
                "device_category": "UXO",
                "shape": point(n, 700, n % 13),
            }
        ],
        "activity_report": [
            {
                "id": "O",
                "organisation": f"SYN-R{n}",
                "period_from": "2025-02-01",
                "period_to": "2025-02-28",
                "ap_destroyed": 3,
                "uxo_destroyed": 2,
                "saa_destroyed": 50,
                "items_destroyed": 5,
            }
        ],
    }


def _stock(n: int) -> Unit:
    """A stockpile and its destruction, and a minefield record with its parts."""
    return {
        "stockpile": [
            {
                "id": "U",
                "category": "AP",
                "period_from": "2025-01-01",
                "period_to": "2025-12-31",
                "opening": 100,
                "acquired": 0,
                "destroyed": 10,
                "transferred": 0,
                "closing": 90,
            }
        ],
        "stockpile_destruction": [
            {"id": "W", "basis": "apmbc_4", "category": "AP", "quantity": 10, "destroyed_on": "2025-05-01", "stockpile": "U"}
        ],
        "minefield_record": [
            {
                "id": "R",
                "custody": "held",
                "handed_over_on": "2024-01-10",
                "laid_from": "1992",
                "angle_unit": "degree",
                "length_unit": "metre",
                "giver": "SYNTHETIC giver",
            }
        ],
        "minefield_reference": [
            {
                "id": f"R{k}",
                "minefield": "R",
                "point_label": f"RP{k}",
                "coordinates_as_written": "as on paper",
                "shape": point(n, 1000 + k, 1000),
            }
            for k in (1, 2)
        ],
        "minefield_leg": [
            {"id": f"L{k}", "minefield": "R", "sequence": k, "part": "perimeter", "azimuth": 90 * (k - 1), "distance": 40}
            for k in (1, 2, 3, 4)
        ],
        "minefield_count": [{"id": "I", "minefield": "R", "category": "AP", "claimed": 10, "removed": 1}],
    }


def local_id(n: int, kind: str, name: str) -> str:
    """The local id of a row of a unit."""
    return f"SYNTHETIC-{name}" if kind in ("organisation", "accreditation") else f"SYNTHETIC-{name}-{n}"


_TARGET = {
    "S": "survey",
    "H": "hazard",
    "C": "clearance",
    "P": "land_release",
    "K": "completion",
    "T": "task_order",
    "A": "accident",
    "X": "non_conformity",
    "M": "victim",
    "E": "eore_session",
    "U": "stockpile",
    "R": "minefield_record",
}


def _named(kind_name: str, row: Row, n: int) -> Row:
    """With its local id, its links as local ids, and every obligatory field that the unit does not care about."""
    kind = builtin().kind(kind_name)
    made: Row = {"local_id": local_id(n, kind_name, row.pop("id")), **row}
    for each in kind.link_fields:
        if each.name in made:
            value = made[each.name]
            several = value if isinstance(value, list) else [value]
            made[each.name] = [_linked(name, n, with_kind=each.target_kind is None) for name in several]
    for each in kind.attribute_fields:
        if each.name not in made and (each.obligation == "M" or (kind_name, each.name) in _ALSO):
            made[each.name] = _any_value(kind, each.name)
    if made.get("disposal_method") == "DISPOSAL":
        made["disposal_method"] = builtin().lists["disposal_method"].codes[0].code
    return made


_ALSO = {("victim", "injured_parts"), ("evidence", "direct_type")}


def _linked(name: str, n: int, *, with_kind: bool) -> str:
    kind = "organisation" if name.startswith("SYN-") else _TARGET[name]
    return f"{kind}:{local_id(n, kind, name)}" if with_kind else local_id(n, kind, name)


def _any_value(kind: Kind, name: str) -> Any:
    field = kind.field(name)
    if field.code_list:
        code = builtin().lists[field.code_list].codes[0].code
        return [code] if field.type == "codes" else code
    values: Mapping[str, Any] = {"text": "SYNTHETIC", "codes": ["SYNTHETIC"], "integer": 1, "decimal": 1, "boolean": False}
    return values.get(field.type, "2025-03-01")
