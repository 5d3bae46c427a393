"""GeoJSON (RFC 7946) and KML 2.2."""

import json
from pathlib import Path
from typing import Any

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from clearland.dictionary import envelope
from clearland.exchange.cells import exact_float, text_of
from clearland.exchange.export import Column, Export, Value
from clearland.exchange.writers.sheets import cannot_hold

_KML = "http://www.opengis.net/kml/2.2"
_SCHEMA = "record"


def write_geojson(export: Export, target: Path) -> None:
    """A FeatureCollection with one feature per line; what the file is stands in its member `clearland`."""
    head = {"type": "FeatureCollection", "name": export.kind.name, "clearland": {
        "about": export.about.line(export.kind), "audience": export.about.audience.upper(),
        "as_known": export.about.as_known.isoformat(), "head": export.about.head,
    }}  # fmt: skip
    with target.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(head, ensure_ascii=False)[:-1])
        stream.write(', "features": [')
        rows = zip(*(column.values for column in export.columns), strict=True)
        for number, (row, geometry) in enumerate(zip(rows, export.geometries, strict=True)):
            stream.write(",\n" if number else "\n")
            feature = {
                "type": "Feature",
                "geometry": None if geometry is None else shapely.geometry.mapping(geometry),
                "properties": {column.name: _json(column, value) for column, value in zip(export.columns, row, strict=True)
                               if value is not None},
            }  # fmt: skip
            stream.write(json.dumps(feature, ensure_ascii=False))
        stream.write("\n]}\n")


def _json(column: Column, value: Value) -> Any:
    if column.type == "decimal" and isinstance(value, str):
        number = exact_float(value)
        return value if number is None else int(number) if number.is_integer() and abs(number) < 2**53 else number
    return value


def write_kml(export: Export, target: Path) -> None:
    """A document of placemarks whose fields stand as ExtendedData. Raises RefusedInput E-EXPORT-HOLDS for kinds, or records,
    without a place: a globe has nowhere to show them."""
    if not export.with_geometry:
        raise cannot_hold(export, "KML", "they have no place")
    names = export.column(envelope.LOCAL_ID).values
    placeless = next((name for name, each in zip(names, export.geometries, strict=True) if each is None), None)
    if placeless is not None:
        raise cannot_hold(export, "KML", f"{placeless} has no place")
    root = etree.Element(f"{{{_KML}}}kml", nsmap={None: _KML})
    document = etree.SubElement(root, f"{{{_KML}}}Document")
    _text(document, "name", f"{export.kind.name} {export.about.audience.upper()}")
    _text(document, "description", export.about.line(export.kind))
    schema = etree.SubElement(document, f"{{{_KML}}}Schema", name=_SCHEMA, id=_SCHEMA)
    for column in export.columns:
        etree.SubElement(schema, f"{{{_KML}}}SimpleField", type="string", name=_kml_name(column))
    folder = etree.SubElement(document, f"{{{_KML}}}Folder")
    _text(folder, "name", export.kind.name)
    rows = zip(*(column.values for column in export.columns), strict=True)
    for name, row, geometry in zip(names, rows, export.geometries, strict=True):
        mark = etree.SubElement(folder, f"{{{_KML}}}Placemark")
        _text(mark, "name", str(name))
        data = etree.SubElement(
            etree.SubElement(mark, f"{{{_KML}}}ExtendedData"), f"{{{_KML}}}SchemaData", schemaUrl=f"#{_SCHEMA}"
        )
        for column, value in zip(export.columns, row, strict=True):
            if value is not None:
                etree.SubElement(data, f"{{{_KML}}}SimpleData", name=_kml_name(column)).text = text_of(value)
        if geometry is not None:
            _geometry(mark, geometry)
    etree.ElementTree(root).write(str(target), encoding="utf-8", xml_declaration=True)


def _kml_name(column: Column) -> str:
    return column.name if column.name.startswith("clearland_") else f"{envelope.KML_FIELD}{column.name}"


def _text(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_KML}}}{name}").text = text


def _geometry(parent: Any, geometry: BaseGeometry) -> None:
    parts = getattr(geometry, "geoms", None)
    if parts is not None:
        several = etree.SubElement(parent, f"{{{_KML}}}MultiGeometry")
        for part in parts:
            _geometry(several, part)
        return
    element = etree.SubElement(parent, f"{{{_KML}}}{geometry.geom_type.replace('LinearRing', 'LineString')}")
    if geometry.geom_type != "Polygon":
        _coordinates(element, geometry)
        return
    for name, ring in (("outerBoundaryIs", geometry.exterior), *(("innerBoundaryIs", ring) for ring in geometry.interiors)):
        boundary = etree.SubElement(element, f"{{{_KML}}}{name}")
        _coordinates(etree.SubElement(boundary, f"{{{_KML}}}LinearRing"), ring)


def _coordinates(parent: Any, geometry: BaseGeometry) -> None:
    _text(parent, "coordinates", " ".join(f"{x!r},{y!r}" for x, y in geometry.coords))
