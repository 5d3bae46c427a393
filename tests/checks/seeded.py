"""The defects: each changes one row of one unit. `IN_FILE` are refused or flagged when the file is read, the rest when known."""

from copy import deepcopy
from typing import Any

import shapely

from tests.checks.clean_unit import Unit, at, box, local_id, point
from tests.checks.defects import Defect


def sets(code: str, kind: str, about: str = "", **values: Any) -> Defect:
    """A defect that gives the first row of a kind other values (None takes one away); `about`: the kind it comes back on."""

    def change(unit: Unit, n: int) -> None:
        unit[kind][0].update(values)

    return Defect(code, about or kind, change)


def moves(code: str, kind: str, east_m: float, north_m: float, about: str = "") -> Defect:
    """A defect that puts the point of a kind elsewhere."""

    def change(unit: Unit, n: int) -> None:
        unit[kind][0]["shape"] = point(n, east_m, north_m)

    return Defect(code, about or kind, change)


def drops(code: str, kind: str, *gone: str, about: str) -> Defect:
    """A defect that takes every row of some kinds away."""

    def change(unit: Unit, n: int) -> None:
        for each in gone:
            unit[each] = []

    return Defect(code, about, change)


def twice(code: str, kind: str, **values: Any) -> Defect:
    """A defect that repeats the first row of a kind under another local id."""

    def change(unit: Unit, n: int) -> None:
        unit[kind].append({**deepcopy(unit[kind][0]), "local_id": local_id(n, kind, "AGAIN"), **values})

    return Defect(code, kind, change)


def _benchmark(metres: float) -> Any:
    def change(unit: Unit, n: int) -> None:
        unit["hazard"][0]["benchmark_lon"], unit["hazard"][0]["benchmark_lat"] = at(n, metres, 50)

    return change


def _outline(kind: str, *corners: float) -> Any:
    def change(unit: Unit, n: int) -> None:
        unit[kind][0]["shape"] = box(n, *corners)
        unit[kind][0].pop("area_reported_m2", None)

    return change


def _swapped(unit: Unit, n: int) -> None:
    longitude, latitude = at(n, 0, 0)
    unit["accident"][0]["shape"] = shapely.Point(latitude, longitude * 4)


def _far_team(unit: Unit, n: int) -> None:
    again = {
        **deepcopy(unit["clearance"][0]),
        "local_id": local_id(n, "clearance", "AGAIN"),
        "shape": box(n, 90_000, 0, 90_050, 50),
    }
    unit["clearance"].append(again)


def _leg_gap(unit: Unit, n: int) -> None:
    unit["minefield_leg"].pop(1)


def _twin_victim(unit: Unit, n: int) -> None:
    row = unit["victim"][0]
    row.update(gender="male", occupation="SYNTHETIC farmer")
    unit["victim"].append({**deepcopy(row), "local_id": local_id(n, "victim", "AGAIN")})
    unit["accident"][0]["injured"] = 2


IN_FILE = (
    sets("E-DATE-REVERSED", "clearance", end_date="2025-01-01"),
    sets("E-DATE-FUTURE", "ordnance", found_on="2199-01-01", destroyed_on="2199-01-02"),
    sets("E-VALUE-MISSING", "hazard", area_type=None),
    sets("E-VALUE-CONDITION", "clearance", end_date=None),
    sets("E-VALUE-CODE", "ordnance", category="MINE"),
    sets("R-OTHER-NOT-SAID", "ordnance", disposal_method="other"),
    sets("R-TURN-FAR", "hazard", marking="signs"),
    sets("E-VALUE-NUMBER", "ordnance", quantity="several"),
    sets("E-VALUE-RANGE", "accident", killed=-1),
    sets("E-LINK-NONE", "evidence", hazard="SYNTHETIC-NOWHERE"),
    sets("W-AREA-STATED", "hazard", area_reported_m2=22_000),
    sets("E-AREA-STATED", "hazard", area_reported_m2=40_000),
    sets("E-AREA-UNIT", "hazard", area_reported_m2=2),
    Defect("G-SWAPPED", "accident", _swapped),
    Defect("W-AREA-SIZE", "hazard", _outline("hazard", 0, 0, 2, 2)),
    Defect("R-LONG-EDGE", "hazard", _outline("hazard", 0, 0, 5_500, 50)),
    Defect("R-BENCHMARK-INSIDE", "hazard", _benchmark(50)),
    Defect("R-BENCHMARK-FAR", "hazard", _benchmark(-900)),
    sets("R-DATE-EARLY", "survey", start_date="1977", end_date="2025-01-10"),
    sets("R-DATE-STALE", "evidence", observed_on="2015"),
    sets("R-PLACE-ACCURACY", "accident", location_accuracy=None),
    sets("R-DEPTH", "clearance", achieved_depth_cm=2_000),
    sets("R-IMPROVISED-MINE", "ordnance", category="IED", model="SYN pressure plate"),
    sets("R-SAA-IN-TOTAL", "activity_report", items_destroyed=55),
    sets("R-NO-DISPOSAL", "ordnance", disposal_method=None),
    Defect("R-OWN-INSPECTION", "qa_visit", lambda unit, n: unit["qa_visit"][0].update(inspected_organisation="SYN-QA")),
    sets("R-ITEM-ACCEPTED", "qc_sampling", items_found=1),
    sets("R-AGE", "victim", age_years=9),
    sets("R-KILLED-LATER-LIFE", "victim", outcome="killed", occupation_after="SYNTHETIC"),
    sets("R-DIED-BEFORE", "victim", passed_away_on="2023-01-01"),
    sets("R-PERSON-IN-TEXT", "qa_visit", remarks="SYNTHETIC, call +000 55 123 45 67"),
    sets("R-NO-CONSENT", "referral", consent="refused"),
    sets("R-ATTENDANCE-SUM", "eore_beneficiaries", total=44),
    sets("R-NO-ATTENDANCE", "eore_beneficiaries", women=0, men=0, girls=0, boys=0, total=0, first_time=0),
    sets("R-FIRST-TIME", "eore_beneficiaries", first_time=41),
    sets("R-INDIRECT-ATTENDANCE", "eore_beneficiaries", reach="indirect"),
    sets("R-STOCK-DESTROYED", "stockpile", destroyed=110, closing=None),
    sets("R-STOCK-CLOSING", "stockpile", closing=91),
    sets("R-COORDINATES-WRITTEN", "minefield_reference", coordinates_as_written=None),
    sets("R-LATE-REPORT", "completion", reported_on="2025-06-01", approved_on="2025-06-02"),
)
KNOWN = (
    twice("R-NEAR-DUPLICATE", "ordnance"),
    sets("R-PLANNED-PRODUCT", "clearance", "land_release", status="planned"),
    moves("R-DISTRICT-NEAR", "eore_session", 4_500, 0),
    moves("R-DISTRICT-OTHER", "eore_session", 7_000, 0),
    twice("R-SAME-OUTLINE", "hazard"),
    Defect("R-LEGS-OPEN", "minefield_record", lambda unit, n: unit["minefield_leg"][0].update(distance=60)),
    Defect("R-LEG-GAP", "minefield_record", _leg_gap),
    Defect("R-LEG-LONG", "minefield_record", lambda unit, n: [leg.update(distance=80) for leg in unit["minefield_leg"]]),
    Defect(
        "R-NO-DIRECT-EVIDENCE",
        "hazard",
        lambda unit, n: (unit["hazard"][0].update(evidence_class=None), unit["evidence"][0].update(evidence_kind="indirect")),
    ),
    Defect(
        "R-NO-EVIDENCE",
        "hazard",
        lambda unit, n: (unit["hazard"][0].update(evidence_class=None, area_type="SHA"), unit.update(evidence=[])),
    ),
    moves("R-EVIDENCE-OUTSIDE", "evidence", 50, 300, about="hazard"),
    sets("R-NOT-FOUND-BY", "hazard", found_by=None),
    sets("R-ORGANISATION-UNKNOWN", "clearance", organisation="SYN-NOBODY"),
    sets("R-ORGANISATION-INACTIVE", "clearance", start_date="2005-02-01"),
    sets("R-NOT-ACCREDITED", "survey", activity_type="ts"),
    sets("R-NO-TASK-ORDER", "clearance", task="SYN-T-NONE"),
    sets("R-BEFORE-TASK-ORDER", "clearance", start_date="2025-01-01"),
    Defect("R-OUTSIDE-TASK", "clearance", _outline("clearance", 350, 0, 450, 100)),
    sets("R-PRODUCTIVITY", "clearance", cleared_manual_m2=900_000),
    Defect("R-TEAM-TWO-PLACES", "clearance", _far_team),
    twice("R-REPORTS-OVERLAP", "clearance"),
    Defect("R-COMPLETION-SUM", "completion", lambda unit, n: unit["completion"][0].update(cleared_m2=4_000)),
    sets("R-HANDOVER-QC", "land_release", "handover", qc_state="not_inspected"),
    sets("R-HANDOVER-OPEN", "non_conformity", "handover", closed_on=None),
    sets("R-HANDOVER-COMPLETION", "handover", completion=None),
    drops("R-NO-VISIT", "clearance", "qa_visit", about="clearance"),
    sets("R-VISIT-DATE", "qa_visit", inspected_on="2025-06-01"),
    drops("R-NO-MEASURE", "non_conformity", "corrective_action", about="non_conformity"),
    sets("R-MEASURE-OVERDUE", "corrective_action", done_on=None, status="agreed"),
    sets("R-VICTIM-ROWS-MORE", "accident", injured=0),
    sets("R-VICTIM-ROWS-FEWER", "accident", injured=3),
    sets("R-VICTIM-OUTCOMES", "victim", "accident", outcome="killed", injured_parts=None),
    sets("R-DEMINING-ACCIDENT", "accident", demining=True),
    Defect(
        "R-ACCIDENT-RELEASED", "accident", lambda unit, n: unit["accident"][0].update(date="2025-06-01", shape=point(n, 50, 50))
    ),
    moves("R-ACCIDENT-NO-HAZARD", "accident", 2_000, 2_000),
    Defect("R-VICTIM-TWICE", "victim", _twin_victim),
    sets("R-SESSION-SIZE", "eore_session", "eore_beneficiaries", sessions_count=40),
    Defect(
        "R-CHILDREN-AT-SCHOOL",
        "eore_beneficiaries",
        lambda unit, n: (
            unit["eore_session"][0].update(place_type="school"),
            unit["eore_beneficiaries"][0].update(women=30, girls=0, boys=0),
        ),
    ),
    sets("R-SERVICE-NO-VICTIM", "assistance_service", victim=None),
    sets("R-SERVICE-EARLY", "assistance_service", start_date="2024-01-01"),
    sets("R-DESTRUCTION-BASIS", "stockpile_destruction", basis="apmbc_5"),
    Defect("R-LAYING-POINTS", "minefield_record", lambda unit, n: unit["minefield_reference"].pop()),
    Defect("R-LAYING-COUNT", "minefield_record", lambda unit, n: unit["minefield_count"][0].update(removed=50)),
    sets("R-LAYING-DATE", "minefield_record", laid_from=None),
    sets("R-PLACE-UNKNOWN", "clearance", district="SYN-DX"),
    sets("R-OPERATOR-TOTAL", "activity_report", organisation="SYN-O1", ap_destroyed=900, items_destroyed=902),
    sets("R-BENEFICIARIES", "hazard", expected_direct_women=10, confirmed_direct_women=50),
    Defect(
        "R-CONFIRMED-EARLY",
        "hazard",
        lambda unit, n: (unit["hazard"][0].update(expected_direct_women=10, confirmed_direct_women=10), unit.update(handover=[])),
    ),
    sets("L-FIND-BELOW", "ordnance", depth_found_cm=90),
    moves("L-FIND-OUTSIDE", "ordnance", 20, 600),
    Defect("L-PRODUCT-OUTSIDE", "land_release", _outline("land_release", 0, 0, 100, 160)),
    sets("L-PRODUCT-METHOD", "land_release", product_type="cancelled"),
    sets("L-DEPTH-BELOW-TASK", "land_release", depth_cm=10),
    sets("L-FIND-OTHER-TYPE", "ordnance", "hazard", category="UXO"),
)
