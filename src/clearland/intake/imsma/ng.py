"""Rows of an IMSMA NG database to items: codes as words, outlines in point order, every approved report a version.

NG keeps an item twice: the summary (`hazard`) and what each data entry form said (`hazardinfoversion`). A form asks some
fields only; NG carries the others over by date of information, and so does this. The summary is the last word: where it
differs from what the forms add up to, it is a version of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Literal

from shapely.geometry.base import BaseGeometry

from clearland.intake.imsma.database import Identities
from clearland.intake.imsma.dump import Row, Rows
from clearland.intake.imsma.model import SORTS, Extract, Item, OwnField, Sort, Version
from clearland.intake.imsma.shapes import Corner, corner_of, geometry_of
from clearland.intake.tables import Cell

_OWN = "cdf"
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00\S*")
_BOOKKEEPING = frozenset({"dataentrydate", "dataenterer", "isactive", "fieldreport_guid", "current_view_guid", "lastupdated"})
# Words of `workbenchstatusenum` (wiki: Data Entry Form Table); a form without a status counts as approved.
_STATES = {"needs completion": "draft", "needs approval": "submitted", "needs revision": "draft", "approved": "approved"}
_TYPES: dict[str, Literal["text", "decimal", "partial_date", "codes"]] = {
    "NUMBER": "decimal", "DECIMAL": "decimal", "INTEGER": "decimal", "DATE": "partial_date", "MULTI_SELECT": "codes",
}  # fmt: skip


def items_of(rows: Rows, identities: Identities) -> Extract:
    """Everything of the four sorts, with links, custom fields and how much is not moved."""
    reader = _Reader(rows, identities)
    items = [item for sort in SORTS for item in reader.items(sort)]
    known = {item.guid for item in items}
    not_moved = {str(row["table"]): int(row["rows"] or 0) for row in rows.table("clearland_not_moved")}
    return Extract(
        origin="imsma-ng", items=items, links=_links(rows, known), own_fields=reader.own_fields(), not_moved=not_moved,
        withheld=rows.withheld,
    )  # fmt: skip


class _Reader:
    """Lookups made once, then items sort by sort."""

    def __init__(self, rows: Rows, identities: Identities) -> None:
        self._rows = rows
        self._identities = identities
        self._enum = {row["imsmaenum_guid"]: row.get("enumvalue") for row in rows.table("imsmaenum") if row.get("imsmaenum_guid")}
        self._reports = _by(rows.table("fieldreport"), "fieldreport_guid")
        self._shapes = _shapes(rows, self._enum)
        self._own = _by(rows.table("customdefinedfield"), "cdf_id")
        self._values = _by(rows.table("cdfvalue"), "cdfvalue_guid")
        self._places = _Places(rows)
        self._organisations = {row.get("org_guid"): row.get("orgname") for row in rows.table("organisation")}
        self._used: dict[str, set[Sort]] = defaultdict(set)

    def items(self, sort: Sort) -> list[Item]:
        """The items of one sort, in the order of the canonical file."""
        holders = {holder: _Holder(self._rows, holder) for holder in (sort, f"{sort}infoversion")}
        forms: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows.table(f"{sort}infoversion"):
            forms[row.get(f"{sort}_guid") or ""].append(row)
        made = []
        for number, row in enumerate(self._rows.table(sort), 1):
            guid = row.get(f"{sort}_guid") or ""
            versions = self._versions(sort, row, forms.get(guid, ()), holders)
            local_id = row.get(f"{sort}_localid") or ""
            made.append(Item(sort=sort, table=sort, guid=guid, local_id=local_id, row=number, versions=versions))
        return made

    def own_fields(self) -> list[OwnField]:
        """Custom fields that some item fills."""
        slugs = {key: _slug(row.get("name") or "") for key, row in self._own.items()}
        borne = Counter(slugs.values())
        names = {
            key: slug if slug and borne[slug] == 1 else f"{slug or _OWN}_{sha256(key.encode()).hexdigest()[:6]}"
            for key, slug in slugs.items()
        }  # fmt: skip
        return [
            OwnField(
                column=f"{_OWN}_{key}", name=f"imsma_{names[key]}", label=self._own[key].get("name") or key,
                sorts=tuple(sort for sort in SORTS if sort in sorts),
                type=_TYPES.get((self._own[key].get("cdf_datatype") or "").upper(), "text"),
            )
            for key, sorts in sorted(self._used.items())
        ]  # fmt: skip

    def _versions(
        self, sort: Sort, row: Row, forms: Sequence[Row], holders: Mapping[str, "_Holder"]
    ) -> tuple[Version, ...]:
        told = sorted((self._form(sort, form, holders[f"{sort}infoversion"]) for form in forms), key=_in_order)
        # A form is reconciled to a location, which only the summary names: it holds for all of them.
        cells: dict[str, Cell] = {name: cell for name, cell in self._places.told(row.get("location_guid") or "").items() if cell}
        geometry: BaseGeometry | None = None
        identity: dict[str, str] = {}
        versions: list[Version] = []
        for form in told:
            full = {**cells, **form.cells}
            outline = form.geometry if form.geometry is not None else geometry
            person = {**identity, **form.identity}
            versions.append(Version(report=form.report, reported_on=form.reported_on, state=form.state, cells=full,
                                    geometry=outline, identity=person))
            if form.state == "approved":
                cells, geometry, identity = full, outline, person
        approved = [each for each in versions if each.state == "approved"]
        entered = _day(row.get("dataentrydate"))
        said = self._cells(sort, row, holders[sort])
        summary = Version(
            report=approved[-1].report if approved else "", reported_on=approved[-1].reported_on if approved else entered,
            state="approved" if approved or not forms else versions[-1].state, cells=said,
            geometry=self._geometry(holders[sort], row.get(f"{sort}_guid")),
            identity=self._person(sort, row.get(f"{sort}_guid")),
        )  # fmt: skip
        if not versions or (approved and not _agrees(approved[-1], summary)):
            position = versions.index(approved[-1]) + 1 if approved else 0
            versions.insert(position, summary)
        return tuple(versions)

    def _form(self, sort: Sort, form: Row, holder: "_Holder") -> Version:
        report = self._reports.get(form.get("fieldreport_guid") or "", {})
        status = (self._enum.get(report.get("workbenchstatusenum_guid")) or "Approved").casefold()
        guid = form.get(f"{sort}infoversion_guid")
        told_on = _day(report.get("dateofreport")) or _day(form.get("dataentrydate"))
        return Version(
            report=report.get("fieldreport_localid") or form.get("fieldreport_guid") or "", reported_on=told_on,
            state=_STATES.get(status, "submitted"),
            cells=self._cells(sort, form, holder), geometry=self._geometry(holder, guid),
            identity=self._person(sort, guid),
        )  # fmt: skip

    def _cells(self, sort: Sort, row: Row, holder: "_Holder") -> dict[str, Cell]:
        """A row as words: codes, places and organisations in place of their guids, custom fields beside them."""
        keys = {f"{sort}_guid", f"{sort}infoversion_guid", f"{sort}_localid"}
        cells: dict[str, Cell] = {}
        for column, cell in row.items():
            if cell is None or column in keys or column in _BOOKKEEPING:
                continue
            if column == "location_guid":
                cells |= self._places.told(cell)
            elif column in ("org_guid", "organisation_guid"):
                cells["organisation"] = self._organisations.get(cell)
            else:
                midnight = _MIDNIGHT.fullmatch(cell)
                cells[column] = midnight.group(1) if midnight else self._enum.get(cell, cell)
        guid = row.get(f"{holder.name}_guid")
        chosen = sorted({word for each in holder.parts["imsmaenum"].get(guid or "", ()) if (word := self._enum.get(each))})
        if chosen:
            cells["imsmaenum"] = list(chosen)
        own: dict[str, list[str]] = defaultdict(list)
        for each in holder.parts["cdfvalue"].get(guid or "", ()):
            value = self._values.get(each, {})
            if (key := value.get("cdf_id")) in self._own and (text := _own_value(value)):
                own[str(key)].append(text)
        for key, texts in own.items():
            self._used[key].add(sort)
            several = (self._own[key].get("cdf_datatype") or "").upper() == "MULTI_SELECT"
            cells[f"{_OWN}_{key}"] = sorted(texts) if several else sorted(texts)[0]
        return {column: cell for column, cell in cells.items() if cell is not None}

    def _person(self, sort: Sort, guid: str | None) -> dict[str, str]:
        found = dict(self._identities.get(guid or "", {}))
        for column in found:
            if column.startswith(f"{_OWN}_"):
                self._used[column.removeprefix(f"{_OWN}_")].add(sort)
        return found

    def _geometry(self, holder: "_Holder", guid: str | None) -> BaseGeometry | None:
        outlines: list[Sequence[Corner]] = []
        points: list[Corner] = []
        for shape in holder.parts["geospatialinfo"].get(guid or "", ()):
            sort, corners = self._shapes.get(shape, ("", ()))
            if sort == "polygon":
                outlines.append(corners)
            elif sort != "polyline":
                points += corners
        return geometry_of(outlines, points)


class _Holder:
    """What hangs on the rows of one table through its junction tables: guid of the row -> guids, in a fixed order."""

    def __init__(self, rows: Rows, name: str) -> None:
        self.name = name
        self.parts: dict[str, dict[str, list[str]]] = {}
        for part in ("geospatialinfo", "cdfvalue", "imsmaenum"):
            found: dict[str, list[str]] = defaultdict(list)
            for row in rows.table(f"{name}_has_{part}"):
                ours = row.get(f"{name}_guid") or ""
                theirs = row.get(f"{part}_guid") or next((cell for column, cell in row.items() if column != f"{name}_guid"), "")
                found[ours].append(theirs or "")
            self.parts[part] = {ours: sorted(theirs) for ours, theirs in found.items()}


class _Places:
    """Locations and the country structure above them."""

    def __init__(self, rows: Rows) -> None:
        self._locations = _by(rows.table("location"), "location_guid")
        self._units = _by(rows.table("gazetteer"), "gazetteer_guid")

    def told(self, location: str) -> dict[str, Cell]:
        """`location`, the unit it lies in, and each unit from the top as `gazetteer_level1`, `gazetteer_level2`, …"""
        row = self._locations.get(location, {})
        told: dict[str, Cell] = {"location": row.get("locationname")}
        chain: list[str] = []
        unit = self._units.get(row.get("gazetteer_guid") or "")
        while unit is not None and len(chain) < 12:
            chain.insert(0, unit.get("gazetteername") or unit.get("gazetteer_localid") or "")
            unit = self._units.get(unit.get("parent_guid") or unit.get("gazetteer_parent_guid") or "")
        told |= {f"gazetteer_level{level}": name for level, name in enumerate(chain, 1)}
        return {**told, "gazetteer": chain[-1]} if chain else told


def _shapes(rows: Rows, enum: Mapping[str | None, str | None]) -> dict[str, tuple[str, Sequence[Corner]]]:
    """geospatialinfo_guid -> what it is (`polygon`, `polyline`, else points) and its corners in the order of `pointno`."""
    corners: dict[str, list[tuple[int, str, Corner]]] = defaultdict(list)
    for row in rows.table("geopoint"):
        corner = corner_of(row.get("longitude"), row.get("latitude"))
        if corner is not None:
            number = int(float(row.get("pointno") or 0))
            corners[row.get("geospatialinfo_guid") or ""].append((number, row.get("geopoint_guid") or "", corner))
    shapes: dict[str, tuple[str, Sequence[Corner]]] = {}
    for row in rows.table("geospatialinfo"):
        guid = row.get("geospatialinfo_guid") or ""
        if (row.get("isactive") or "true").casefold() in ("f", "false", "0"):
            continue
        shapes[guid] = ((enum.get(row.get("shapeenum_guid")) or "").casefold(), [corner for *_, corner in sorted(corners[guid])])
    return shapes


def _links(rows: Rows, known: set[str]) -> list[tuple[str, str]]:
    """Pairs of items. The columns of the link tables are not public: a row that names two known items links them."""
    tables = ["link", "links", *(f"{sort}_has_{other}" for sort in SORTS for other in SORTS)]
    found = set()
    for table in tables:
        for row in rows.table(table):
            ends = sorted({cell for cell in row.values() if cell in known})
            if len(ends) == 2:
                found.add((str(ends[0]), str(ends[1])))
    return sorted(found)


def _by(rows: Sequence[Row], column: str) -> dict[str, Row]:
    return {key: row for row in rows if (key := row.get(column))}


def _slug(label: str) -> str:
    """A label as a name: Latin letters, digits and underscores; empty for a label in another script."""
    return "_".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in label.casefold()).split())


def _own_value(value: Row) -> str:
    columns = ("stringvalue", "numbervalue", "organisation_value", "place_value", "gazetteer_value")
    dated = _day(value.get("datevalue"))
    return dated.isoformat() if dated else next((text for column in columns if (text := value.get(column))), "")


def _day(text: str | None) -> date | None:
    """The day of a timestamp as the database prints it."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _in_order(version: Version) -> tuple[date, str]:
    return version.reported_on or date.min, version.report


def _agrees(form: Version, summary: Version) -> bool:
    """Whether the forms add up to the summary, in what the summary says."""
    same = all(form.cells.get(column) == cell for column, cell in summary.cells.items())
    same_outline = (summary.geometry is None and form.geometry is None) or (
        summary.geometry is not None and form.geometry is not None and bool(summary.geometry.equals_exact(form.geometry, 1e-9))
    )
    return same and same_outline and dict(form.identity) == dict(summary.identity)
