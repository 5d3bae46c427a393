"""Tiles: the right records with nothing more than the map needs, as known on the date, and counts where shapes blur."""

import math
from typing import Any

import mapbox_vector_tile
import pytest

from clearland.figures.lifecycle import standings
from clearland.ledger.rows import rows
from clearland.ledger.snapshot import snapshot
from clearland.web.access import Reading
from clearland.web.tiles import layers
from tests.web.conftest import DEMO, Site, reader


def decoded(answer):
    return mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True}) if answer.content else {}


def test_the_world_tile_holds_every_hazard_once_as_a_mark(site: Site):
    tile = decoded(site.client.get("/tiles/hazard/2/0/2.mvt"))
    expected = rows(reader(), "hazard", unverified=True).filter(min_x__isnull=False).count()
    features = tile["hazard"]["features"]
    assert len(features) == expected
    assert {f["geometry"]["type"] for f in features} == {"Point"}
    assert set(features[0]["properties"]) <= {"id", "n", "s", "f", "t", "u", "r"}
    assert {f["properties"]["s"].split()[0] for f in features} <= {"CHA", "SHA"}


def test_close_up_hazards_are_polygons(site: Site):
    hazard = rows(reader(), "hazard").filter(min_x__isnull=False).first()
    z = 16
    x, y = middle(hazard, z)
    features = decoded(site.client.get(f"/tiles/hazard/{z}/{x}/{y}.mvt"))["hazard"]["features"]
    assert any("Polygon" in f["geometry"]["type"] for f in features)


def test_the_outline_shows_the_derived_status(site: Site):
    stands = {record: one for record, one in standings(snapshot()).items() if one.reported}
    features = decoded(site.client.get("/tiles/hazard/2/0/2.mvt"))["hazard"]["features"]
    said = {feature["properties"]["id"]: feature["properties"] for feature in features}
    outline = {"closed_cancelled": "closed", "closed_completed": "closed", "released": "closed", "open": "open"}
    looked = {record: one for record, one in stands.items() if record in said and one.status in outline}
    assert {record: said[record]["s"].split()[1] for record in looked} == {
        record: outline[one.status] for record, one in looked.items()
    }


@pytest.mark.parametrize(("reported", "shown"), [("open", {"s": "CHA closed", "r": "open"}), ("released", {"s": "CHA closed"}),
                                                 (None, {"s": "CHA closed"})])
def test_the_popup_is_told_what_was_reported_where_the_outline_shows_another(reported, shown):
    said = {"area_type": "CHA", "status": reported} if reported else {"area_type": "CHA"}
    row = (1, "h1", "SYNTHETIC-H", said, None, None, False)
    made = layers.properties_of("hazard", row, {"h1": "closed_completed"})
    assert {name: made[name] for name in ("s", "r") if name in made} == shown


def middle(record: Any, z: int) -> tuple[int, int]:
    """The tile that holds the middle of a record's box."""
    lon, lat = (record.min_x + record.max_x) / 2, (record.min_y + record.max_y) / 2
    side = 2**z
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
    return int((lon + 180) / 360 * side), int(row)


def test_before_they_were_known_nothing_is_on_the_map(site: Site):
    answer = site.client.get("/tiles/hazard/0/0/0.mvt?at=2025-01-01")
    assert answer.status_code == 204
    assert not answer.content


def test_only_an_address_with_the_present_version_may_be_kept(site: Site):
    page = site.client.get("/map/").content.decode()
    version = page.split("\\u0026v=")[1][:16]
    kept = site.client.get(f"/tiles/hazard/0/0/0.mvt?at=&v={version}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "no-store" in site.client.get("/tiles/hazard/0/0/0.mvt?at=&v=old").headers["Cache-Control"]


@pytest.mark.parametrize("whole", [5_000, 0])
def test_large_layers_are_counted_per_cell_below_zoom_11_and_drawn_above(site: Site, monkeypatch, whole):
    monkeypatch.setattr(layers, "WHOLE_LAYER", whole)
    read = Reading(DEMO, None)
    hazards: list[Any] = list(rows(reader(), "hazard", unverified=True).filter(min_x__isnull=False))
    low = mapbox_vector_tile.decode(layers.tile(read, "hazard", 2, 0, 2))
    if whole:
        assert len(low["hazard"]["features"]) == len(hazards)
    else:
        assert sum(f["properties"]["c"] for f in low["hazard_cells"]["features"]) == len(hazards)
    x, y = middle(hazards[0], 13)
    high = mapbox_vector_tile.decode(layers.tile(read, "hazard", 13, x, y))
    assert str(hazards[0].record_uuid) in {f["properties"]["id"] for f in high["hazard"]["features"]}


def test_a_product_that_failed_control_never_looks_released():
    assert layers.symbol("land_release", {"product_type": "cleared", "qc_state": "failed"}) == "failed"
    assert layers.symbol("land_release", {"product_type": "cleared", "qc_state": "passed"}) == "cleared"
    assert layers.symbol("hazard", {"area_type": "CHA", "status": "in_progress"}) == "CHA worked_on"
    assert layers.symbol("hazard", {"area_type": "SHA"}) == "SHA open"
