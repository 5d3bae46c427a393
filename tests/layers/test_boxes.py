"""Boxes: the index finds what comparing every row finds; views and search tables on both databases."""

from datetime import timedelta

import pytest
import shapely
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.ids import record_id
from clearland.dictionary import loader
from clearland.ledger import layer_views, layers
from clearland.ledger.models import Record, Version
from clearland.ledger.rows import rows, within
from clearland.ledger.scope import scope, system_actor
from tests.layers.records import NOON, draft, put

ALIAS = "programme"
WORDS = loader.builtin()
_SIDES = st.floats(-60, 60, width=32)


def boxes() -> st.SearchStrategy[tuple[float, float, float, float]]:
    def box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        return (x, y, x + width, y + height)

    return st.builds(box, _SIDES, _SIDES, st.floats(1e-6, 30), st.floats(1e-6, 20))


def _meets(box: tuple[float, float, float, float], other: shapely.Polygon) -> bool:
    min_x, min_y, max_x, max_y = other.bounds
    return bool(min_x <= box[2] and max_x >= box[0] and min_y <= box[3] and max_y >= box[1])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(boxes(), min_size=1, max_size=6), moved=st.lists(boxes(), max_size=6), asked=boxes())
@pytest.mark.usefixtures("programme")
def test_boxes_find_what_comparing_every_row_finds(
    first: list[tuple[float, float, float, float]],
    moved: list[tuple[float, float, float, float]],
    asked: tuple[float, float, float, float],
) -> None:
    put(*(draft("hazard", f"H-{n}", geometry=shapely.box(*box)) for n, box in enumerate(first)))
    put(*(draft("hazard", f"H-{n}", geometry=shapely.box(*box)) for n, box in enumerate(moved)), at=NOON + timedelta(days=9))
    put(draft("hazard", "H-0", state="draft", geometry=shapely.box(*asked)), at=NOON + timedelta(days=10))
    versions = Version.objects.using(ALIAS).filter(kind="hazard")
    expected = {version.pk for version in versions if version.geometry and _meets(asked, version.geometry)}
    found = layers.versions_in_bbox("hazard", asked)
    assert expected <= set(versions.filter(id__in=found).values_list("pk", flat=True))
    for kind in (None, "hazard"):
        assert set(within(versions, asked, kind).values_list("pk", flat=True)) == expected
    records = Record.objects.using(ALIAS).filter(kind="hazard")
    standing = {record.pk for record in records if record.geometry and _meets(asked, record.geometry)}
    found_records = records.filter(fid__in=layers.records_in_bbox("hazard", asked)).values_list("pk", flat=True)
    assert standing <= set(found_records)


@pytest.mark.usefixtures("programme")
def test_a_rebuilt_index_finds_the_same() -> None:
    there, here = shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)
    put(draft("hazard", "H-1", geometry=there))
    put(draft("hazard", "H-1", geometry=here), at=NOON + timedelta(days=9))
    with connections[ALIAS].cursor() as cursor:
        layers.reindex(cursor)
    everything = scope(system_actor("export"), "tests")
    before = rows(everything, "hazard", as_known=NOON.date())
    assert within(before, (1, 1, 2, 2), "hazard").count() == 1
    assert within(rows(everything, "hazard"), (1, 1, 2, 2), "hazard").count() == 0
    assert within(rows(everything, "hazard"), (5, 5, 6, 6), "hazard").count() == 1


VALUES = {
    "official_from": "2020-02", "name": "Ağdam, \"the\" 'town' %s", "displaced_camp": True, "code": "D-1",
}  # fmt: skip
REPORT = {
    "period_from": "2024-01-01", "period_to": "2024-01-31", "cleared_m2": "12.50", "items_destroyed": 7,
    "organisations": ["A", "B"],
}  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_the_views_say_the_same_on_both_databases() -> None:
    put(draft("place", "P-0", {"name": "Country"}))
    put(
        draft("place", "P-1", VALUES, shapely.Point(47, 40), links={"parent": (record_id("tests", "place/P-0"),)}),
        draft("activity_report", "R-1", REPORT),
    )
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT name, official_from, displaced_camp, parent, record FROM place WHERE local_id = 'P-1'")
        *shown, parent, record = cursor.fetchone()
        assert shown == [VALUES["name"], VALUES["official_from"], True]
        assert (parent, record) == ("P-0", str(record_id("tests", "place/P-1")))
        cursor.execute("SELECT CAST(period_from AS CHAR(10)), cleared_m2, items_destroyed, organisations FROM activity_report")
        assert cursor.fetchone() == ("2024-01-01", 12.5, 7, "A,B")
        for kind in WORDS.layers():
            cursor.execute(f'SELECT * FROM "{kind.name}" WHERE 1 = 0')
            named = [column[0] for column in cursor.description]
            assert set(layer_views.field_columns(kind)) <= set(named)
            assert ("geom" in named) == (kind.geometry != "none")
        layers.uninstall(connections[ALIAS])
        assert not {kind.name for kind in WORDS.layers()} & set(connections[ALIAS].introspection.table_names())
    layers.install(connections[ALIAS], WORDS)
    layers.install(connections[ALIAS], WORDS)
