"""A SYNTHETIC IMSMA installation: an invented country on open ocean, its items with all that goes wrong in real ones.

The same content can be laid out as an NG database, as maXML and as Core layers, so that each way in meets the same
land: `Nation.ng_statements`, `maxml`, `core_rows`.
"""

from dataclasses import dataclass, field
from datetime import date

LON, LAT = -30.0, 20.0  # open Atlantic
STEP = 0.01

ENUMS = {
    "Polygon": "shape", "Point": "shape", "Suspected Hazardous Area": "type", "Confirmed Hazardous Area": "type",
    "Ammunition Storage": "type", "Open": "status", "Closed": "status", "Worked on": "status", "Expired": "status",
    "Completed": "status", "Ongoing": "status", "AP Mines": "contamination", "AT Mines": "contamination",
    "Clearance": "activity", "Cancellation": "activity", "Non-Technical Survey": "activity", "Vegetation removal": "activity",
    "Mine accident": "accident", "Killed": "harm", "Injured": "harm", "Male": "gender", "Female": "gender",
    "Approved": "workbench", "Needs Approval": "workbench",
}


def guid(name: str) -> str:
    """A key in IMSMA's manner."""
    return f"{{SYN-{name}}}"


def square(column: float, row: float, size: float = 1.0) -> list[tuple[float, float]]:
    """Corners of a square, counted in steps of a hundredth of a degree."""
    west, south, side = LON + column * STEP, LAT + row * STEP, size * STEP
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]


@dataclass
class Report:
    """One data entry form about an item; `state` is the word of its workbench status."""

    name: str
    day: str
    columns: dict[str, str] = field(default_factory=dict)
    corners: list[tuple[float, float]] | None = None
    state: str = "Approved"
    chosen: tuple[str, ...] = ()
    own: dict[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """An item as it is told; its summary is what its approved reports add up to, unless `summary` says otherwise."""

    sort: str
    name: str
    reports: list[Report]
    local_id: str = ""
    location: str = "loc-1"
    summary: dict[str, str] = field(default_factory=dict)

    @property
    def approved(self) -> list[Report]:
        return [each for each in self.reports if each.state == "Approved"]


@dataclass
class Nation:
    """All items with the links between them."""

    items: list[Item]
    links: list[tuple[str, str]]

    def item(self, name: str) -> Item:
        return next(each for each in self.items if each.name == name)


def nation() -> Nation:
    """Overlaps, a bow-tie, an outline of two corners, a repeated id, an unknown word, an unapproved form, odd links."""
    sha, cha = "Suspected Hazardous Area", "Confirmed Hazardous Area"

    def hazard(name: str, kind: str, status: str, area: str, corners: list[tuple[float, float]], **more: str) -> Item:
        columns = {"maareatype_guid": kind, "status_guid": status, "areasize": area, "hazardname": f"SYNTHETIC {name}", **more}
        return Item("hazard", name, [Report(f"R-{name}", "2016-05-04", columns, corners, chosen=("AP Mines",))])

    first = Item("hazard", "H1", [
        Report("R-H1a", "2012-03-01", {"maareatype_guid": sha, "status_guid": "Open", "areasize": "1000000",
                                      "hazardname": "SYNTHETIC first"}, square(0, 0), chosen=("AP Mines",),
               own={"cdf-1": "told by the harbour", "cdf-2": "12.5"}),
        Report("R-H1b", "2015-06-10", {"maareatype_guid": cha}, square(0, 0, 0.9)),
        Report("R-H1c", "2019-09-20", {"status_guid": "Worked on", "areasize": "999000"}),
    ])
    bow = square(4, 0)
    items = [
        first,
        hazard("H2", sha, "Open", "1150000", square(0.5, 0.0)),
        hazard("H3", sha, "Open", "1150000", [bow[0], bow[2], bow[1], bow[3]]),
        hazard("H4", sha, "Open", "70000", square(6, 0)[:2]),
        hazard("H5", cha, "Expired", "1150000", square(8, 0)),
        hazard("H6", "Ammunition Storage", "Open", "100", square(10, 0, 0.01)),
        Item("hazard", "H7", [
            Report("R-H7a", "2018-01-05", {"maareatype_guid": sha, "status_guid": "Open", "areasize": "1150000",
                                          "hazardname": "SYNTHETIC seventh"}, square(12, 0), chosen=("AT Mines",)),
            Report("R-H7b", "2020-02-02", {"status_guid": "Closed"}, state="Needs Approval"),
        ]),
        Item("hazreduc", "A1", [Report("R-A1", "2019-11-30", {
            "hazreductypeenum_guid": "Clearance", "status_guid": "Completed", "areasize": "287000",
            "startdate": "2019-10-01 00:00:00", "enddate": "2019-11-28 00:00:00"}, square(0, 0, 0.5), chosen=("AP Mines",))]),
        Item("hazreduc", "A2", [Report("R-A2", "2020-12-31", {
            "hazreductypeenum_guid": "Cancellation", "status_guid": "Completed", "areasize": "1150000",
            "enddate": "2020-12-15 00:00:00"}, square(8, 0))]),
        Item("hazreduc", "A3", [Report("R-A3", "2015-06-09", {
            "hazreductypeenum_guid": "Non-Technical Survey", "status_guid": "Completed", "areasize": "1000000",
            "startdate": "2015-06-01 00:00:00", "enddate": "2015-06-08 00:00:00"}, square(0, 0))]),
        Item("hazreduc", "A4", [Report("R-A4", "2021-01-31", {
            "hazreductypeenum_guid": "Clearance", "status_guid": "Ongoing", "areasize": "300000"}, square(12, 0, 0.5))]),
        Item("hazreduc", "A5", [Report("R-A5", "2021-03-31", {"hazreductypeenum_guid": "Vegetation removal",
                                                             "areasize": "10"})]),
        Item("accident", "C1", [Report("R-C1", "2017-08-09", {
            "accidenttypeenum_guid": "Mine accident", "dateofaccident": "2017-08-07 00:00:00"}, [(LON + 0.004, LAT + 0.004)])]),
        Item("victim", "V1", [Report("R-V1", "2017-08-09", {
            "killedorinjuredenum_guid": "Injured", "genderenum_guid": "Female", "age": "34", "givenname": "Ünikal-Given",
            "familyname": "Ünikal-Family", "address": "Ünikal-Street", "remarks": "Ünikal-Remark"},
            own={"cdf-3": "Ünikal-Own"})]),
        Item("victim", "V2", [Report("R-V2", "2017-08-09", {
            "killedorinjuredenum_guid": "Killed", "genderenum_guid": "Male", "givenname": "Ünikal-Other"})]),
    ]
    twin = hazard("H1-twin", sha, "Open", "115000", square(14, 0, 0.3))
    twin.local_id = "SYN-H1"
    items.insert(1, twin)
    links = [("A1", "H1"), ("A2", "H5"), ("A3", "H1"), ("A4", "H7"), ("C1", "H1"), ("V1", "C1"), ("V2", "C1"), ("V1", "V2")]
    for each in items:
        each.local_id = each.local_id or f"SYN-{each.name}"
    return Nation(items, links)


MARKS = ("Ünikal-Given", "Ünikal-Family", "Ünikal-Street", "Ünikal-Remark", "Ünikal-Own", "Ünikal-Other")
OWN_FIELDS = {"cdf-1": ("Told by", "STRING"), "cdf-2": ("Height", "NUMBER"), "cdf-3": ("Story", "STRING")}
NEWEST = date(2021, 3, 31)
