"""Land beyond the balance: findings lead to records, efficiency asks, closed periods show their adjustments."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from clearland.core.clock import fixed_clock
from clearland.figures.findings import found
from clearland.figures.hazard_ground import own_ground
from clearland.figures.land import land_balance
from clearland.figures.lifecycle import standings
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import record
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.editions import freeze
from tests.web.conftest import Site, reader


def test_each_finding_opens_its_record(site: Site) -> None:
    page = site.client.get("/findings/").content.decode()
    made = found(snapshot())
    assert made
    for row in made[:5]:
        assert f'>{row["code"]}<' in page
        assert f'href="/record/{row["record"]}/"' in page
        assert site.client.get(f"/record/{row['record']}/").status_code == 200
    chosen = site.client.get("/findings/?rule=34").content.decode()
    assert set(re.findall(r"L-[A-Z-]+", chosen)) == {"L-PRODUCT-OVERLAP"}
    assert "No finding fits" in site.client.get("/findings/?rule=99").content.decode()


def test_efficiency_shows_what_is_known_and_says_what_is_not(site: Site) -> None:
    page = site.client.get("/land/efficiency/?year=1990").content.decode()
    assert "not known" in page
    page = site.client.get("/land/efficiency/").content.decode()
    assert "Tasks without finds" in page
    assert "/record/" in page


def test_a_closed_year_is_the_opening_of_the_next_with_its_adjustments(site: Site) -> None:
    actor = system_actor("cli")
    freeze("land-2024", period_from=date(2020, 1, 1), period_to=date(2024, 12, 31), actor=actor,
           clock=fixed_clock(datetime(2026, 7, 1, tzinfo=UTC)))  # fmt: skip
    before = site.client.get("/land/?year=2025").content.decode()
    assert "Opening is as published in edition land-2024." in before
    assert "came to light" not in before.split("What the lines mean")[0]
    untouched = next(one for one in standings(snapshot()).values() if one.remaining_m2 and not one.products)
    hazard: Any = record(reader(), UUID(untouched.hazard.id))
    late = Draft(
        record=UUID(untouched.hazard.id), kind="hazard", local_id=hazard.local_id, state="withdrawn", geometry=hazard.geometry,
        attributes=hazard.attributes, based_on=hazard.entry_uuid,
    )
    write([late], actor=actor, reason="Recorded twice", clock=fixed_clock(datetime(2026, 7, 2, tzinfo=UTC)))
    after = site.client.get("/land/?year=2025").content.decode()
    assert "Since then came to light of earlier periods:" in after
    assert "adjustments to earlier periods" in after.split("What the lines mean")[0]


def test_a_hazard_shows_its_ground_and_why_it_is_not_closed(site: Site) -> None:
    page = site.client.get(f"/record/{site.hazard}/").content.decode()
    assert f'hx-get="/record/{site.hazard}/ground/"' in page
    made = standings(snapshot())
    released = next(one for one in made.values() if one.products and one.remaining_m2 and one.hindrances)
    part = site.client.get(f"/record/{released.hazard.id}/ground/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "L-CLOSE-REMAINING" in part
    assert f'href="/record/{released.products[0].id}/"' in part
    assert "<svg" in part
    whole = site.client.get(f"/record/{released.hazard.id}/ground/").content.decode()
    assert "<html" in whole
    undrawn = next((one for one in made.values() if one.remaining_m2 is None), None)
    if undrawn is not None:
        assert "has no outline" in site.client.get(f"/record/{undrawn.hazard.id}/ground/").content.decode()
    assert site.client.get(f"/record/{released.products[0].id}/ground/").status_code == 404


def test_parts_of_a_hazard_are_all_it_ever_held(site: Site) -> None:
    shot = snapshot()
    drawn = 0
    for record_id, standing in standings(shot).items():
        ground = own_ground(shot, record_id)
        if ground is None:
            assert standing.remaining_m2 is None
            continue
        drawn += 1
        assert sum(part.area_m2 for part in ground.parts) == pytest.approx(ground.gained_m2, abs=2)
        remaining = next(part.area_m2 for part in ground.parts if part.state == "remaining")
        assert remaining == pytest.approx(standing.remaining_m2, abs=0.01)
        assert ground.years[-1].areas["remaining"] == pytest.approx(remaining, abs=0.01)
    assert drawn > 10


def test_a_bar_opens_its_ground_on_the_map(site: Site) -> None:
    page = site.client.get("/land/?year=2025").content.decode()
    assert 'href="/map/?line=cleared&amp;year=2025"' in page
    ground = site.client.get("/map/line.json?line=cleared&year=2025").json()
    balance = land_balance(snapshot(), period_from=date(2025, 1, 1), period_to=date(2025, 12, 31), by=("type", "class"))
    drawn = sum(feature["properties"]["m2"] for feature in ground["features"])
    cleared = sum(row["cleared"] for row in balance.rows if row.key.type == "all")
    assert drawn == pytest.approx(cleared, abs=len(ground["features"]))
    assert ground["bounds"][0] < ground["bounds"][2]
    released = {str(one["properties"]["id"]) for one in ground["features"]}
    assert all(site.client.get(f"/record/{one}/").status_code == 200 for one in sorted(released)[:3])
    closing = site.client.get("/map/line.json?line=closing&year=2025&class=CHA").json()
    held = sum(row.closing_m2 or 0 for row in balance.rows if row.key.type == "all" and row.key.area_class == "CHA")
    standing = [feature["properties"]["m2"] for feature in closing["features"]]
    assert sum(standing) == pytest.approx(held, abs=len(standing))
    assert site.client.get("/map/line.json?line=everything&year=2025").status_code == 404
    shown = site.client.get("/map/?line=cleared&year=2025&class=CHA").content.decode()
    assert "cleared · 2025 · CHA" in shown
    assert 'href="/land/?year=2025&amp;class=CHA"' in shown


def test_ground_tells_which_other_work_covered_it(site: Site) -> None:
    made = standings(snapshot())
    covers = [
        (hazard, part, cover) for hazard in made for ground in [own_ground(snapshot(), hazard)] if ground
        for part in ground.parts for cover in part.covered_by
    ]  # fmt: skip
    assert covers
    hazard, part, cover = covers[0]
    assert cover.product != part.product
    assert 0.5 < cover.area_m2 < part.area_m2 + 1
    page = site.client.get(f"/record/{hazard}/ground/").content.decode()
    assert "also covered, gross only:" in page
    assert f'href="/record/{cover.product}/"' in page
