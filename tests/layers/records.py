"""Records of any kind with any values, made from the dictionary."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from clearland.core.clock import fixed_clock
from clearland.core.ids import record_id
from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.ledger.drafts import Draft, Receipt
from clearland.ledger.rows import head_entries
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.write import write

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
_DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))
_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("əğışçöüİIıжЯ ,'\"{}%"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": _TEXT,
    "code": _TEXT,
    "codes": st.lists(_TEXT, min_size=1, max_size=3, unique=True).map(sorted),
    "integer": st.integers(-(2**53), 2**53),
    "decimal": st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(lambda value: f"{value:f}"),
    "boolean": st.booleans(),
    "date": _DAYS.map(date.isoformat),
    "partial_date": _DAYS.flatmap(lambda day: st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10)])),
    "datetime": st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0).isoformat() + "Z"
    ),
}


def values_of(dictionary: Dictionary, field: Field) -> st.SearchStrategy[Any]:
    """Values a field may hold; of a closed list, its codes."""
    codes = [code.code for code in dictionary.codes_of(field)]
    if codes and field.type == "code":
        return st.sampled_from(codes)
    if codes:
        return st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True).map(sorted)
    return _VALUES[field.type]


def attributes_of(dictionary: Dictionary, kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Attributes of a kind, each field present or absent."""
    own = {field.name: values_of(dictionary, field) for field in kind.attribute_fields if field.sensitivity != "sealed"}
    return st.fixed_dictionaries({}, optional=own)


def geometries() -> st.SearchStrategy[BaseGeometry]:
    """Points, lines, polygons with holes and multipolygons somewhere on earth, in degrees."""
    def shapes(x: float, y: float, size: float) -> st.SearchStrategy[BaseGeometry]:
        square = shapely.box(x, y, x + size, y + size)
        holed = square.difference(shapely.box(x + size / 4, y + size / 4, x + size / 2, y + size / 2))
        two = shapely.MultiPolygon([square, shapely.box(x + 2 * size, y, x + 3 * size, y + size)])
        return st.sampled_from([shapely.Point(x, y), shapely.LineString([(x, y), (x + size, y)]), square, holed, two])

    return st.builds(
        lambda x, y, size: (x, y, size), st.floats(-170, 170), st.floats(-80, 80), st.floats(1e-4, 1)
    ).flatmap(lambda where: shapes(*where))


def draft(
    kind: str,
    local_id: str,
    attributes: Mapping[str, Any] | None = None,
    geometry: BaseGeometry | None = None,
    **rest: Any,
) -> Draft:
    """A record whose identity follows from kind and local id."""
    return Draft(
        record=rest.pop("record", None) or record_id("tests", f"{kind}/{local_id}"), kind=kind, local_id=local_id,
        attributes=dict(attributes or {}), geometry=geometry, **rest,
    )  # fmt: skip


def put(*drafts: Draft, at: datetime = NOON, **rest: Any) -> Receipt:
    """Write drafts at a moment, each based on what stands."""
    heads: dict[uuid.UUID, uuid.UUID] = {}
    for kind in {each.kind for each in drafts}:
        heads |= head_entries(scope(system_actor("demo"), "tests"), kind)
    based = [replace(each, based_on=heads.get(each.record)) for each in drafts]
    return write(based, actor=system_actor("demo"), reason="for a test", clock=fixed_clock(at), **rest)


def fresh_id() -> uuid.UUID:
    """An identity nobody has."""
    return uuid.uuid4()
