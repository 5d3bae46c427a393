"""A scratch NG database: the tables and columns that are public, filled with the synthetic nation."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from tests.moving.synthetic import ENUMS, OWN_FIELDS, Item, Nation, Report, guid

SORTS = ("hazard", "hazreduc", "accident", "victim")
COLUMNS = {
    "hazard": ("hazardname", "areasize", "maareatype_guid", "status_guid"),
    "hazreduc": ("hazreductypeenum_guid", "status_guid", "areasize", "startdate", "enddate"),
    "accident": ("accidenttypeenum_guid", "dateofaccident"),
    "victim": ("givenname", "familyname", "address", "remarks", "age", "killedorinjuredenum_guid", "genderenum_guid"),
}
Rows = dict[str, list[dict[str, Any]]]


def schema() -> Iterator[str]:
    """CREATE TABLE statements. Two junction tables carry capitals, as in real installations."""
    yield "CREATE TABLE imsmaenum (imsmaenum_guid text PRIMARY KEY, enumvalue text)"
    yield """CREATE TABLE fieldreport (fieldreport_guid text PRIMARY KEY, fieldreport_localid text, dateofreport timestamp,
             workbenchstatusenum_guid text)"""
    yield "CREATE TABLE geospatialinfo (geospatialinfo_guid text PRIMARY KEY, shapeenum_guid text, isactive boolean)"
    yield """CREATE TABLE geopoint (geopoint_guid text PRIMARY KEY, geospatialinfo_guid text, pointno integer,
             latitude double precision, longitude double precision)"""
    yield "CREATE TABLE location (location_guid text PRIMARY KEY, locationname text, gazetteer_guid text)"
    yield "CREATE TABLE gazetteer (gazetteer_guid text PRIMARY KEY, gazetteer_localid text, gazetteername text, parent_guid text)"
    yield "CREATE TABLE customdefinedfield (cdf_id text PRIMARY KEY, name text, cdf_datatype text)"
    yield """CREATE TABLE cdfvalue (cdfvalue_guid text PRIMARY KEY, cdf_id text, stringvalue text, datevalue timestamp,
             numbervalue double precision, organisation_value text, place_value text, gazetteer_value text)"""
    yield "CREATE TABLE link (link_guid text PRIMARY KEY, from_guid text, to_guid text)"
    yield "CREATE TABLE mre (mre_guid text PRIMARY KEY, mre_localid text)"
    for sort in SORTS:
        listed = ", ".join(f"{column} {'timestamp' if 'date' in column else 'text'}" for column in COLUMNS[sort])
        yield f"CREATE TABLE {sort} ({sort}_guid text PRIMARY KEY, {sort}_localid text, location_guid text, {listed})"
        form = f"{sort}infoversion"
        keys = f"{form}_guid text PRIMARY KEY, {sort}_guid text, {sort}_localid text, fieldreport_guid text"
        yield f"CREATE TABLE {form} ({keys}, {listed})"
        capital = {"hazard": '"Hazard_GUID" text, "CDFValue_GUID" text'}.get(sort, f"{sort}_guid text, cdfvalue_guid text")
        yield f"CREATE TABLE {sort}_has_cdfvalue ({capital})"
        yield f"CREATE TABLE {form}_has_cdfvalue ({form}_guid text, cdfvalue_guid text)"
        for holder in (sort, form):
            yield f"CREATE TABLE {holder}_has_geospatialinfo ({holder}_guid text, geospatialinfo_guid text)"
            yield f"CREATE TABLE {holder}_has_imsmaenum ({holder}_guid text, imsmaenum_guid text)"


def rows_of(nation: Nation) -> Rows:
    """All rows, table by table."""
    rows: Rows = defaultdict(list)
    rows["imsmaenum"] = [{"imsmaenum_guid": guid(word), "enumvalue": word} for word in ENUMS]
    rows["gazetteer"] = [
        {"gazetteer_guid": guid("g1"), "gazetteer_localid": "SYN-1", "gazetteername": "SYNTHETIC region", "parent_guid": None},
        {"gazetteer_guid": guid("g2"), "gazetteer_localid": "SYN-12", "gazetteername": "SYNTHETIC district",
         "parent_guid": guid("g1")},
    ]
    rows["location"] = [{"location_guid": guid("loc-1"), "locationname": "SYNTHETIC harbour", "gazetteer_guid": guid("g2")}]
    rows["customdefinedfield"] = [{"cdf_id": key, "name": name, "cdf_datatype": kind} for key, (name, kind) in OWN_FIELDS.items()]
    rows["mre"] = [{"mre_guid": guid("m1"), "mre_localid": "SYN-M1"}]
    for item in nation.items:
        for report in item.reports:
            _add_report(rows, item, report)
        _add_summary(rows, item)
    rows["link"] = [
        {"link_guid": guid(f"link-{number}"), "from_guid": guid(ours), "to_guid": guid(theirs)}
        for number, (ours, theirs) in enumerate(nation.links)
    ]
    return rows


def _add_report(rows: Rows, item: Item, report: Report) -> None:
    form = f"{item.sort}infoversion"
    rows["fieldreport"].append({
        "fieldreport_guid": guid(f"report-{report.name}"), "fieldreport_localid": report.name, "dateofreport": report.day,
        "workbenchstatusenum_guid": guid(report.state),
    })
    rows[form].append({
        f"{form}_guid": guid(report.name), f"{item.sort}_guid": guid(item.name), f"{item.sort}_localid": item.local_id,
        "fieldreport_guid": guid(f"report-{report.name}"), **_coded(report.columns),
    })
    _hang(rows, form, report.name, report)


def _add_summary(rows: Rows, item: Item) -> None:
    merged: dict[str, str] = {}
    corners = None
    chosen: tuple[str, ...] = ()
    own: dict[str, str] = {}
    for report in item.approved:
        merged |= report.columns
        corners, chosen, own = report.corners or corners, report.chosen or chosen, {**own, **report.own}
    rows[item.sort].append({
        f"{item.sort}_guid": guid(item.name), f"{item.sort}_localid": item.local_id, "location_guid": guid(item.location),
        **_coded({**merged, **item.summary}),
    })
    _hang(rows, item.sort, item.name, Report(f"S-{item.name}", "", corners=corners, chosen=chosen, own=own))


def _coded(columns: dict[str, str]) -> dict[str, str]:
    return {name: guid(value) if value in ENUMS else value for name, value in columns.items()}


def _hang(rows: Rows, holder: str, name: str, report: Report) -> None:
    if report.corners:
        shape = guid(f"shape-{report.name}")
        kind = "Polygon" if len(report.corners) > 1 else "Point"
        rows["geospatialinfo"].append({"geospatialinfo_guid": shape, "shapeenum_guid": guid(kind), "isactive": True})
        rows[f"{holder}_has_geospatialinfo"].append({f"{holder}_guid": guid(name), "geospatialinfo_guid": shape})
        # Written backwards: only `pointno` tells their order.
        for number, (longitude, latitude) in reversed(list(enumerate(report.corners, 1))):
            rows["geopoint"].append({
                "geopoint_guid": guid(f"{report.name}-{number}"), "geospatialinfo_guid": shape, "pointno": number,
                "longitude": longitude, "latitude": latitude,
            })
    for word in report.chosen:
        rows[f"{holder}_has_imsmaenum"].append({f"{holder}_guid": guid(name), "imsmaenum_guid": guid(word)})
    for key, value in report.own.items():
        column = "numbervalue" if OWN_FIELDS[key][1] == "NUMBER" else "stringvalue"
        value_guid = guid(f"value-{report.name}-{key}")
        rows["cdfvalue"].append({"cdfvalue_guid": value_guid, "cdf_id": key, column: value})
        names = ("Hazard_GUID", "CDFValue_GUID") if holder == "hazard" else (f"{holder}_guid", "cdfvalue_guid")
        rows[f"{holder}_has_cdfvalue"].append(dict(zip(names, (guid(name), value_guid), strict=True)))


def fill(url: str, nation: Nation) -> None:
    """Make the schema anew and fill it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for statement in schema():
            connection.execute(statement.encode())
        with connection.cursor() as cursor:
            for table, rows in rows_of(nation).items():
                for row in rows:
                    names = sql.SQL(", ").join(map(sql.Identifier, row))
                    marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                    cursor.execute(
                        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, marks), list(row.values())
                    )
