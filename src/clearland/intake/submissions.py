"""Submissions of our forms as ODK Central and KoboToolbox export them (JSON or CSV), as tables like any other.

A submission is known by the id of its first instance, which edits keep; the server's review state becomes the row's
workflow state: approved, returned where it has issues, withdrawn where it was rejected, submitted otherwise.
Parts of a record (legs, victims) stand in repeat groups of its form; each group is a table of its own, whose rows lead to it.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding, RefusedInput
from clearland.dictionary import envelope
from clearland.dictionary.model import Dictionary, Kind
from clearland.intake.crs import WGS84
from clearland.intake.mapping import ANY_KIND, FieldSource, GeometrySource, Key, LinkSource
from clearland.intake.mapping import Mapping as TableMapping
from clearland.intake.tables import Cell, Hints, Table

FORM_PREFIX = "clearland_"
INSTANCE = "clearland_instance"
SUBMITTED = "clearland_submitted"
_GEOMETRIES = ("geometry", "geometry_point", "geometry_line", "geometry_polygon")
_PART_CHARACTERS = 8  # of its id, in the local id of a part
_CENTRAL_FORM = re.compile(r"/forms/([^/]+)\.svc/")
_CENTRAL_STATES = {"approved": "approved", "hasissues": "returned", "rejected": "withdrawn"}
_KOBO_STATES = {
    "validation_status_approved": "approved", "validation_status_on_hold": "returned",
    "validation_status_not_approved": "withdrawn", "approved": "approved", "on hold": "returned", "not approved": "withdrawn",
}  # fmt: skip
_POINT_PARTS = ("-Latitude", "-Longitude"), ("_latitude", "_longitude")


def submissions_of(content: object, path: Path) -> list[Table]:
    """The tables of a JSON export, that of the form first; none for JSON of another sort."""
    if not isinstance(content, dict):
        return []
    central, kobo = content.get("value"), content.get("results")
    if isinstance(central, list) and "@odata.context" in content:
        form = _CENTRAL_FORM.search(str(content["@odata.context"]))
        rows = [row for row in central if isinstance(row, dict)]
        return _tables([_central(row) for row in rows], rows, form[1] if form else None, path, "ODK Central")
    if isinstance(kobo, list) and all(isinstance(row, dict) and "_uuid" in row for row in kobo):
        form_id = next((str(row["_xform_id_string"]) for row in kobo if row.get("_xform_id_string")), None)
        return _tables([_kobo(row) for row in kobo], kobo, form_id, path, "KoboToolbox")
    return []


def submissions_in(table: Table) -> Table | None:
    """The same for a CSV export: Central's has KEY and ReviewState, Kobo's _uuid and _validation_status. Repeat groups stand in
    other files there, so links, open lists and parts are not in it."""
    columns = set(table.columns)
    if {"KEY", "ReviewState"} <= columns:
        convert = _central_csv
    elif {"_uuid", "_validation_status"} <= columns:
        convert = _kobo_csv
    else:
        return None
    rows = [convert({name: table.cells[name][index] for name in table.columns}) for index in range(len(table))]
    return _table(rows, None, Path(table.file), "CSV of submissions", table.findings)


def _central(row: Mapping[str, Any]) -> dict[str, Any]:
    system = row.get("__system") or {}
    state = str(system.get("reviewState") or "").casefold()
    return {
        **_flat((name, value) for name, value in row.items() if not name.startswith("__")),
        INSTANCE: _plain_id(row.get("__id")), SUBMITTED: system.get("submissionDate"),
        envelope.STATE: _CENTRAL_STATES.get(state, "submitted"),
    }  # fmt: skip


def _kobo(row: Mapping[str, Any]) -> dict[str, Any]:
    status = row.get("_validation_status") or {}
    uid = str(status.get("uid") or "") if isinstance(status, dict) else str(status)
    first = row.get("meta/rootUuid") or row.get("meta/deprecatedID") or row.get("_uuid")
    return {
        **_flat((name, value) for name, value in row.items() if not name.startswith(("_", "meta/", "formhub/"))),
        INSTANCE: _plain_id(first), SUBMITTED: row.get("_submission_time"),
        envelope.STATE: _KOBO_STATES.get(uid.casefold(), "submitted"),
    }  # fmt: skip


def _central_csv(row: Mapping[str, Cell]) -> dict[str, Any]:
    return {
        **_flat(_points(row).items()), INSTANCE: _plain_id(row["KEY"]), SUBMITTED: row.get("SubmissionDate"),
        envelope.STATE: _CENTRAL_STATES.get(str(row["ReviewState"] or "").casefold(), "submitted"),
    }  # fmt: skip


def _kobo_csv(row: Mapping[str, Cell]) -> dict[str, Any]:
    return {
        **_flat(_points(row).items()), INSTANCE: _plain_id(row.get("meta/rootUuid") or row["_uuid"]),
        SUBMITTED: row.get("_submission_time"),
        envelope.STATE: _KOBO_STATES.get(str(row["_validation_status"] or "").casefold(), "submitted"),
    }  # fmt: skip


def _points(row: Mapping[str, Cell]) -> dict[str, Any]:
    """A row with points put together again that the export split into columns for latitude and longitude."""
    made: dict[str, Any] = dict(row)
    for question in _GEOMETRIES:
        for latitude, longitude in _POINT_PARTS:
            for name in (f"{question}{latitude}", f"_{question}{latitude}"):
                y, x = row.get(name), row.get(name.replace(latitude, longitude))
                if y is not None and x is not None:
                    made[question] = f"{y} {x}"
    return made


def _plain_id(value: object) -> str:
    return str(value or "").removeprefix("uuid:")


def _flat(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Answers by the name of their question alone: groups only order a form. A repeat group becomes a list of its answers."""
    made: dict[str, Any] = {}
    for path, value in pairs:
        name = re.split(r"[/.]", path)[-1]
        if isinstance(value, dict) and "coordinates" not in value:
            made.update(_flat(value.items()))
        elif isinstance(value, list) and name.startswith(envelope.PART_GROUP):
            continue  # a table of its own
        elif isinstance(value, list):
            made[name] = [answer for item in value for answer in _repeated(item)] or None
        else:
            made[name] = value
    return made


def _tables(
    answers: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], form: str | None, path: Path, format_name: str
) -> list[Table]:
    """The table of the submissions, then one for each group of parts that any of them holds."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for answer, row in zip(answers, rows, strict=True):
        for group, items in _groups_of_parts(row.items()):
            parts.setdefault(group, []).extend(_parts(items, answer))
    named = form or (path.stem if parts else None)
    tables = [_table(answers, named, path, format_name)]
    return tables + [_table(found, group, path, format_name) for group, found in sorted(parts.items()) if found]


def _groups_of_parts(pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    for path, value in pairs:
        name = re.split(r"[/.]", path)[-1]
        if isinstance(value, list) and name.startswith(envelope.PART_GROUP):
            yield name, value
        elif isinstance(value, dict) and "coordinates" not in value:
            yield from _groups_of_parts(value.items())


def _parts(items: Sequence[Any], answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The items of a group as rows: known by the id the form gave them (else by their place in the group), in the state of
    their submission, and numbered after it."""
    for position, item in enumerate(items, start=1):
        answers = item.items() if isinstance(item, dict) else ()
        given = _flat((name, value) for name, value in answers if not name.startswith("__"))
        part = _plain_id(given.pop(envelope.PART, None)) or str(position)
        own = {envelope.part_field(name): value for name, value in given.items()}
        if any(value not in (None, "") for value in own.values()):
            whole = str(answer.get(envelope.LOCAL_ID) or answer[INSTANCE])
            yield {
                **own, envelope.PART: part, envelope.PART_OF: whole, envelope.LOCAL_ID: f"{whole}/{part[:_PART_CHARACTERS]}",
                **{name: answer[name] for name in (INSTANCE, SUBMITTED, envelope.STATE)},
            }  # fmt: skip


def _repeated(item: object) -> list[str]:
    if isinstance(item, dict):
        return [str(answer) for name, answer in item.items() if not name.startswith("__") and answer not in (None, "")]
    return [str(item)]


def _table(
    rows: Sequence[Mapping[str, Any]], form: str | None, path: Path, format_name: str, said: Sequence[Finding] = ()
) -> Table:
    columns = tuple(dict.fromkeys(name for row in rows for name in row if name not in _GEOMETRIES))
    cells = {name: [_cell(row.get(name)) for row in rows] for name in columns}
    table = Table(
        file=path.name, sheet=form, format=format_name, columns=columns, cells=cells, numbers=range(1, len(rows) + 1),
        findings=tuple(said), crs=WGS84, geometries=np.full(len(rows), None, dtype=object),
    )  # fmt: skip
    findings = list(said)
    shapes = np.full(len(rows), None, dtype=object)
    for index, row in enumerate(rows):
        given = next((row[name] for name in _GEOMETRIES if row.get(name)), None)
        try:
            shapes[index] = _geometry(given) if given else None
        except (ValueError, TypeError, ShapelyError):
            findings.append(
                Finding(
                    code="E-GEOM-UNREADABLE", severity="error", place=table.place(index, "geometry"), rule=13,
                    sentence="The place of this submission cannot be read.", remedy="Correct it on the server.",
                )
            )  # fmt: skip
    return Table(
        file=table.file, sheet=form, format=format_name, columns=columns, cells=cells, numbers=table.numbers, crs=WGS84,
        geometries=shapes, findings=tuple(findings),
    )  # fmt: skip


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _geometry(given: object) -> BaseGeometry:
    """GeoJSON as Central gives it, or `latitude longitude [altitude accuracy]`, several parted by semicolons."""
    if isinstance(given, dict):
        return shapely.force_2d(shapely.from_geojson(json.dumps(given)))
    points = [(float(parts[1]), float(parts[0])) for text in str(given).split(";") if (parts := text.split())]
    if len(points) == 1:
        return shapely.Point(points[0])
    return shapely.Polygon(points) if points[0] == points[-1] and len(points) > 3 else shapely.LineString(points)


def is_submissions(table: Table) -> bool:
    """Whether a table came out of `submissions_of` or `submissions_in`."""
    return INSTANCE in table.columns and SUBMITTED in table.columns


def mapping_of_submissions(table: Table, kind: Kind) -> TableMapping:
    """The mapping of submissions of a kind's form: fields by name, one record per first instance."""
    there = set(table.columns)
    return TableMapping(
        kind=kind.name,
        series=_series(kind),
        sheet=table.sheet,
        hints=Hints(),
        local_id=kind.local_id_field if kind.local_id_field in there else INSTANCE,
        key=Key(columns=(INSTANCE,), fold=()),
        links=_links(kind, there),
        **_answered(kind, there),
    )


def mapping_of_parts(table: Table, whole: Kind, dictionary: Dictionary) -> TableMapping:
    """The mapping of a group of parts: one record per item, linked to the record whose form it stands in.
    Raises RefusedInput E-MAP-PART where the dictionary knows no such part of that kind."""
    found = [(part, link) for part, link in dictionary.parts_of(whole) if f"{envelope.PART_GROUP}{part.name}" == table.sheet]
    if not found:
        raise RefusedInput(
            "E-MAP-PART", f"The repeat group {table.sheet!r} names no part of {whole.label('en')}.", place=table.place(),
            remedy="Make the form anew from the dictionary, or name the kind that it was made for with --kind.",
        )  # fmt: skip
    part, link = found[0]
    there = set(table.columns)
    return TableMapping(
        kind=part.name,
        series=_series(whole),
        sheet=table.sheet,
        hints=Hints(),
        local_id=envelope.LOCAL_ID,
        key=Key(columns=(INSTANCE, envelope.PART), fold=()),
        links={**_links(part, there - {link.name}), link.name: LinkSource(column=envelope.PART_OF, kind=whole.name)},
        **_answered(part, there),
    )


def _series(kind: Kind) -> str:
    return f"form:{FORM_PREFIX}{kind.name}"


def _links(kind: Kind, there: Collection[str]) -> dict[str, LinkSource]:
    return {
        each.name: LinkSource(column=each.name, kind=each.target_kind or ANY_KIND)
        for each in kind.link_fields if each.name in there
    }  # fmt: skip


class _Answered(TypedDict):
    fields: dict[str, FieldSource]
    geometry: GeometrySource
    state_column: str
    untouched: frozenset[str]


def _answered(kind: Kind, there: Collection[str]) -> _Answered:
    """How the answers of a form are read: each by the name of its field; what was not asked stays as it is."""
    return {
        "fields": {
            each.name: FieldSource(columns=(each.name,), separator=" " if each.code_list else None)
            for each in kind.attribute_fields if each.name in there
        },
        "geometry": GeometrySource(ignore=True) if kind.geometry == "none" else GeometrySource(missing_allowed=True),
        "state_column": envelope.STATE,
        "untouched": frozenset(each.name for each in kind.attribute_fields if each.name not in there),
    }  # fmt: skip
