"""The synthetic nation as maXML: the frame as the wiki has it, leaves as a country may name them."""

from xml.sax.saxutils import escape

from tests.moving.synthetic import Item, Nation, Report

ELEMENTS = {"hazard": "Hazard", "hazreduc": "HazardReduction", "accident": "Accident", "victim": "Victim"}
NAMES = {
    "maareatype_guid": "HazardType", "status_guid": "Status", "areasize": "AreaSize", "hazardname": "HazardName",
    "hazreductypeenum_guid": "HazReducType", "startdate": "StartDate", "enddate": "EndDate",
    "accidenttypeenum_guid": "AccidentType", "dateofaccident": "AccidentDate", "killedorinjuredenum_guid": "KilledOrInjured",
    "genderenum_guid": "Gender", "age": "Age",
    "givenname": "GivenName", "familyname": "FamilyName", "address": "Address", "remarks": "Remarks",
}


def document(nation: Nation) -> bytes:
    """One file of all data entry forms."""
    linked: dict[str, list[str]] = {}
    for ours, theirs in nation.links:
        linked.setdefault(ours, []).append(nation.item(theirs).local_id)
    reports = "".join(
        _report(item, report, linked.get(item.name, []) if report is item.reports[0] else [])
        for item in nation.items for report in item.reports
    )
    header = "<DocumentHeader><DocumentName>SYNTHETIC</DocumentName></DocumentHeader>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<MineActionFieldReport>{header}{reports}</MineActionFieldReport>'.encode()


def _report(item: Item, report: Report, linked: list[str]) -> str:
    approved = f"<VerifyingDate>{report.day}</VerifyingDate>" if report.state == "Approved" else ""
    named = f"<FieldReportLocalID>{report.name}</FieldReportLocalID>"
    info = f"<FieldReportInfo>{named}<ReportingDate>{report.day}</ReportingDate>{approved}"
    name = ELEMENTS[item.sort]
    told = {NAMES[column]: escape(value.removesuffix(" 00:00:00")) for column, value in report.columns.items()}
    leaves = "".join(f"<{leaf}>{text}</{leaf}>" for leaf, text in told.items())
    links = "".join(f"<LinkedID>{other}</LinkedID>" for other in linked)
    words = "".join(f"<TypeOfContamination>{word}</TypeOfContamination>" for word in report.chosen)
    body = f"<{name}><{name}LocalId>{item.local_id}</{name}LocalId>{leaves}{words}{_shape(report)}{links}</{name}>"
    return f"\n<FieldReport>{info}</FieldReportInfo>{body}</FieldReport>"


def _shape(report: Report) -> str:
    if not report.corners:
        return ""
    points = "".join(
        f"<Point><PointNo>{number}</PointNo><Longitude>{longitude!r}</Longitude><Latitude>{latitude!r}</Latitude></Point>"
        for number, (longitude, latitude) in reversed(list(enumerate(report.corners, 1)))
    )
    shape = "Polygon" if len(report.corners) > 1 else "Point"
    return f"<GeospatialInfo><Shape>{shape}</Shape>{points}</GeospatialInfo>"
