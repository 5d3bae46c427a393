"""The pages whose queries the two databases answer differently: JSON filters, boxes, sessions, search, figures."""

import mapbox_vector_tile
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from clearland.core.clock import fixed_clock
from clearland.ledger.rows import rows
from clearland.ledger.write import write
from clearland.web.access import Reading
from clearland.web.tiles import layers
from clearland.work.demonstration.nation import synthetic_nation
from tests.conftest import ADMIN, TestProgramme
from tests.web.conftest import DEMO, RECORDED, reader
from tests.web.test_tiles import middle

PAGES = (
    "/", "/records/hazard/?area_type=CHA&contamination=AP", "/records/hazard/?q=SYN-HAZARD-00003", "/records/hazard/?sort=-place",
    "/records/hazard/?known=2026-02-01", "/records/land_release/?product_type=cleared&from=2019-01-01&known=", "/map/",
    "/map/table/", "/land/", "/figures/", "/figure/CONT-1/", "/search/?q=Fallow", "/sources/", "/disagreements/",
)  # fmt: skip


def test_pages_lists_and_tiles(programme: TestProgramme, monkeypatch) -> None:
    cache.clear()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    drafts = [draft for _, draft in synthetic_nation(hazards=10).drafts]
    write(drafts, actor=DEMO, reason="Synthetic records", clock=fixed_clock(RECORDED))
    client = Client()
    client.force_login(get_user_model().objects.get(username=ADMIN))
    for page in PAGES:
        assert client.get(page).status_code == 200, page
    named = client.get("/records/hazard/?q=SYN-HAZARD-00003").content.decode()
    assert named.count('<tr class="row"') == 1
    hazards = list(rows(reader(), "hazard"))
    classed = client.get("/records/hazard/?area_type=CHA").content.decode()
    assert classed.count('<tr class="row"') == sum(h.attributes["area_type"] == "CHA" for h in hazards)
    record = client.get(f"/record/{hazards[0].record_uuid}/")  # type: ignore[attr-defined]
    assert record.status_code == 200
    drawn = [h for h in hazards if h.min_x is not None]
    monkeypatch.setattr(layers, "WHOLE_LAYER", 0)
    cells = mapbox_vector_tile.decode(layers.tile(Reading(DEMO, None), "hazard", 2, 0, 2))["hazard_cells"]
    assert sum(feature["properties"]["c"] for feature in cells["features"]) == len(drawn)
    x, y = middle(drawn[0], 14)
    shapes = mapbox_vector_tile.decode(layers.tile(Reading(DEMO, None), "hazard", 14, x, y))["hazard"]
    assert str(drawn[0].record_uuid) in {feature["properties"]["id"] for feature in shapes["features"]}  # type: ignore[attr-defined]
